"""The processes of a run, and the simulated chambers behind them."""
