//! The binary.
use callplan::{diagnostics::Problems, source::Source};
fn main() {
    for path in std::env::args().skip(1) {
        let source = Source::new(path.clone(), std::fs::read_to_string(&path).unwrap());
        let mut problems = Problems::new();
        let started = std::time::Instant::now();
        let tree = callplan::syntax::parse(&source, &mut problems);
        println!("{path}: items {:?} {:?}", tree.map(|t| t.plan.items.len()), started.elapsed());
        for p in problems.sorted() {
            let at = source.position(p.span.start);
            println!(
                "{}:{} {}: {} | {:?} | help {:?} | {:?}",
                at.line,
                at.column,
                p.code.name(),
                p.message,
                source.slice(p.span),
                p.help,
                p.fixes
                    .iter()
                    .map(|f| (f.title.clone(), f.edits.iter().map(|e| (e.span, e.text.clone())).collect::<Vec<_>>()))
                    .collect::<Vec<_>>()
            );
        }
    }
}
