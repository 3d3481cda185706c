/**
 * The keywords of the rule language: each reads the text of its option and adds to the draft of a
 * rule what it asks of packets, buffers and flows. The meaning is Suricata 7's; docs/rules.md says
 * where it differs.
 */
package ips.core.rule.keyword;
