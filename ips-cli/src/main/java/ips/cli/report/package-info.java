/** What is told when a run is over: for people as text, for machines as JSON. */
package ips.cli.report;
