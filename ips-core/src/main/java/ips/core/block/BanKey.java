package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;

/** What makes two bans the same one: who, and which packets. */
public record BanKey(Cidr address, BanScope scope) {
    public static BanKey of(Ban ban) {
        return new BanKey(ban.address(), ban.scope());
    }
}
