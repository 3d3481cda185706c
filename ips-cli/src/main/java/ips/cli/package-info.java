/**
 * The sensor: what the command line says becomes an engine, a source for it and people who are
 * told. Every mistake of a user's ends in one sentence and a documented exit code; detecting and
 * banning are left to {@code ips.core}.
 */
package ips.cli;
