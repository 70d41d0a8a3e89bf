//! Logarithms to base 2 in integers: the same on every platform, where floating point is not.

/// How many bits of a logarithm lie behind its point.
const BITS: u32 = 16;

/// The powers 2^(1/2), 2^(1/4), ... with 62 bits behind the point.
const ROOTS: [u64; BITS as usize] = roots();

const fn roots() -> [u64; BITS as usize] {
    let mut found = [0; BITS as usize];
    let mut power: u128 = 2 << 62;
    let mut at = 0;
    while at < found.len() {
        power = (power << 62).isqrt();
        found[at] = power as u64;
        at += 1;
    }
    found
}

/// Returns log2 of `value` in 1/65,536, rounded down; 0 for 0 as for 1.
pub(crate) const fn log2(value: u64) -> u64 {
    if value < 2 {
        return 0;
    }
    let whole = 63 - value.leading_zeros();
    // In [1, 2) with 63 bits behind the point; squaring doubles the logarithm, bit by bit.
    let mut rest = (value as u128) << (63 - whole);
    let mut found = whole as u64;
    let mut bit = 0;
    while bit < BITS {
        rest = (rest * rest) >> 63;
        found <<= 1;
        if rest >> 64 != 0 {
            rest >>= 1;
            found |= 1;
        }
        bit += 1;
    }
    found
}

/// Returns the whole number whose [`log2`] is `logarithm`, rounded to the nearest. For logarithms
/// below 62.
pub(crate) const fn exp2(logarithm: u64) -> u64 {
    let mut power: u128 = 1 << 62;
    let mut bit = 0;
    while bit < BITS {
        if logarithm >> (BITS - 1 - bit) & 1 == 1 {
            power = (power * ROOTS[bit as usize] as u128) >> 62;
        }
        bit += 1;
    }
    let shift = 62 - (logarithm >> BITS) as u32;
    ((power + (1 << shift >> 1)) >> shift) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_exact() {
        for whole in 0..61 {
            assert_eq!(log2(1 << whole), whole << BITS);
            assert_eq!(exp2(whole << BITS), 1 << whole);
        }
        assert_eq!(log2(0), 0);
    }

    #[test]
    fn floating_point_agrees_to_four_digits() {
        let mut value = 2_u64;
        while value < 1 << 50 {
            let exact = (value as f64).log2() * 65_536.0;
            assert!((log2(value) as f64 - exact).abs() < 1.5, "log2 of {value}");
            let back = exp2(log2(value)) as f64 / value as f64;
            assert!(
                (back - 1.0).abs() < 1e-4 || value < 20_000,
                "exp2 at {value}"
            );
            value = value * 3 / 2 + 1;
        }
    }
}
