/**
 * Telling people, and the tools they have: console, log of bans, EVE JSON. Listeners of the block
 * manager, on its thread; what became of the writing never stops a ban.
 */
package ips.core.alert;
