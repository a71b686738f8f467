//! The time to check texts that were made to be slow, per byte.

use crate::measure::once;
use crate::shapes::SHAPES;
use callplan::{Source, check};

/// Maximum microseconds per byte: a slower check is a defect.
const LIMIT: f64 = 50.0;
/// A shorter text may take as long as a text of this length.
const SHORT: usize = 16 * 1024;

const SIZES: [usize; 3] = [16 * 1024, 128 * 1024, 1024 * 1024];

/// Prints the table, from the first shape whose name contains `from`.
pub fn run(from: &str) {
    let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() };
    println!("{:<50} {:>10} {:>10} {:>10}   us a byte, at most {LIMIT}", "shape", "16 KB", "128 KB", "1 MB");
    for shape in SHAPES.iter().skip_while(|shape| !shape.name.contains(from)) {
        let mut row = format!("{:<50}", shape.name);
        for size in SIZES {
            let source = Source::new(shape.name, (shape.make)(size));
            let (report, time) = once(|| callplan::check(&source, &options));
            let micros = time.as_secs_f64() * 1e6 / source.text().len().max(SHORT) as f64;
            row += &format!(" {micros:>10.3}");
            let slow = micros > LIMIT;
            let problems = report.problems.len();
            let length = source.text().len();
            drop((report, source));
            if slow || size == SIZES[2] || length < size / 4 {
                row += &format!("   {problems} problems{}", if slow { "  TOO SLOW" } else { "" });
                break;
            }
        }
        println!("{row}");
    }
}
