/**
 * Makes one plain form of a value out of every disguise, and holds the word tables that judges look
 * up.
 */
package ips.core.payload.text;
