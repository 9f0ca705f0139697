"""What every other room may use: errors, files, passphrases, TOML schemas, command lines."""
