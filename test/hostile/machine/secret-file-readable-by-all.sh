chmod 644 "$OUTSIDE/secret"
printf 'secrets:\n  token: { from: "file:%s/secret", for: ["prod/**"] }\n' "$OUTSIDE" > heliostat.config.yaml
