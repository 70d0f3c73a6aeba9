"""A trial on AWS: what no stand-in shows, asked of a throw-away account, which is left as it was found."""
