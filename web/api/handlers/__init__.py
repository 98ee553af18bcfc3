"""Answer the calls of the API: parse, run one service, build the answer."""
