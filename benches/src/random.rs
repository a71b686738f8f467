//! Chance that is the same each time: the SplitMix64 generator, from a seed.

/// Where a row of random numbers has got to.
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

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// Whether it came out so, this many times of a hundred.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of these.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Puts them into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// `start` with digits after it, until it has so many characters.
    pub fn digits_after(&mut self, start: &str, length: usize) -> String {
        let mut number = start.to_owned();
        while number.len() < length {
            number.push(char::from(b'0' + self.below(10) as u8));
        }
        number
    }

    /// So many hexadecimal digits.
    pub fn hexadecimal(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.one_of(b"0123456789abcdef"))).collect()
    }
}
