/**
 * Scores the detection of payloads over a labelled corpus of requests: straight through the judges,
 * and as TCP conversations through a whole engine, in any form they can take on the wire.
 */
package ips.cli.eval;
