/**
 * The configuration file: YAML to records and back. Keys are the records' component names in
 * kebab-case, defaults are a record given, what a key means is its {@code Setting}. Which records
 * there are is left to others.
 */
package ips.cli.config;
