"""One file a peer: each names the benchmarks that it takes part in, and how."""
