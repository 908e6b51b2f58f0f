// Package config reads the settings of the phone.
//
// The settings are a tree of JSON. Every key of JSCommunicator's config-sample.js is
// there under the same name and meaning; what is new stands in groups and keys beside
// them. [Config] is the schema: its tags name the keys, [Default] has the defaults, and
// config-sample.json at the root of the repository shows and explains each of them.
//
// Settings come in layers, of which the later ones win: defaults, config.json beside the
// page, window.JSCommSettings, the embedding tag, and last, for a few of them only, the
// address of the page ([Load]).
//
// Reading never fails as a whole: a key that is unknown or has an impossible value is
// reported as a [*ConfigError] with its path, its default stands, and the rest is taken.
package config
