/**
 * Talking to a running sensor: a Unix-domain socket of its owner's, one request and one reply per
 * connection, and what the sensor answers.
 */
package ips.cli.control;
