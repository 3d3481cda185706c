/** Scores detection over labelled corpora: what is found, who is accused. */
package ips.bench.eval;
