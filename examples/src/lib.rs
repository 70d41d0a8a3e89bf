//! One idea each: see `examples/examples`. Run one with `cargo run -p punctual-examples --example NAME`.
