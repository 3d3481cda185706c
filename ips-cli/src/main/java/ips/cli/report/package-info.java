/** The report of a run: what was read, who attacked: for people as text, for machines as JSON. */
package ips.cli.report;
