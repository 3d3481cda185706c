/**
 * The files of rules: reading those of the operator and those that come with the sensor, and {@code
 * ips rules}, which checks, lists and explains them. What rules mean is left to {@code
 * ips.core.rule}.
 */
package ips.cli.rules;
