/** {@code ips doctor}: what it looks at on this host, and what it says about it. */
package ips.cli.doctor;
