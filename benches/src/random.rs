//! Random numbers that are the same in each run: the SplitMix64 generator, from a seed.

/// The state of a sequence of random numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// True with a chance of `share` percent.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// A random one of these.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Puts the items into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// `start`, with random digits after it up to `length` characters.
    pub fn digits_after(&mut self, start: &str, length: usize) -> String {
        let mut number = start.to_owned();
        while number.len() < length {
            number.push(char::from(b'0' + self.below(10) as u8));
        }
        number
    }

    /// This many random hexadecimal digits.
    pub fn hexadecimal(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.one_of(b"0123456789abcdef"))).collect()
    }
}
