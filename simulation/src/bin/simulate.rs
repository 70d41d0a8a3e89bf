//! `simulate --seed N --ticket-years Y`.
fn main() {
    let mut args = std::env::args().skip(1);
    let from: u64 = args.next().and_then(|it| it.parse().ok()).unwrap_or(1);
    let count: u64 = args.next().and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut years = 0u128;
    for seed in from..from + count {
        let world = punctual_simulation::World::new(seed, 60).unwrap();
        match world.play() {
            Ok(report) => {
                years += report.open_micros;
                println!(
                    "{seed}: {report:?} {}",
                    report.open_micros / 31_557_600_000_000
                )
            }
            Err(v) => {
                println!("seed {seed}: {v}");
                std::process::exit(1)
            }
        }
    }
    println!("{} ticket-years", years / 31_557_600_000_000);
}
