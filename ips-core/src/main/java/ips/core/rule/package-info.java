/**
 * From the text of rules to something that matches: parser, variables, compiler, and the immutable
 * set of signatures that workers share. What keywords mean is {@code rule.keyword}'s.
 */
package ips.core.rule;
