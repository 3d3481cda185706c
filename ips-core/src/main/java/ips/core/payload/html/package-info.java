/** Cross-site scripting: markup, event handlers, URLs and script in a value. */
package ips.core.payload.html;
