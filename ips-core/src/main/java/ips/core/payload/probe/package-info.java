/** The smaller judges, one class of attack each. */
package ips.core.payload.probe;
