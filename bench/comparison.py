"""What a row costs us and a generic library, and what ten times as many rows take of memory."""

from bench.limits import cost


def print_comparison(what, small, large, peer):
    print()
    for who, figures in (("ours", small), ("ours", large), ("generic library", peer)):
        print(
            f"{f'{what}, {who}':40}{figures['rows']:>8,} rows{figures['seconds']:>9.1f} s"
            f"{cost(figures):>9.2f} ms a row{figures['megabytes']:>7.0f} MB"
        )
    print(f"{'the library by ours, a row':40}{cost(peer) / cost(large):>7.1f}")
