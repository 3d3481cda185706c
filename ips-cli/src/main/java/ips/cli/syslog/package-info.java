/** Where messages to syslog go: the daemon of this host, or another host's. */
package ips.cli.syslog;
