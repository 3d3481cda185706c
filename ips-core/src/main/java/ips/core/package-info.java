/**
 * The assembly, where an embedder begins: {@link ips.core.Engine} takes frames and bans who attacks
 * in them, {@link ips.core.EngineConfig} is all that can be set. What the parts do is left to the
 * packages below; of this one they know the markers {@link ips.core.HotPath}, {@link
 * ips.core.ColdPath} and {@link ips.core.Setting}, and the checks of {@link ips.core.Settings}.
 */
package ips.core;
