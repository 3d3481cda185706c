/** What {@code ips doctor} looks at on this host. */
package ips.cli.doctor;
