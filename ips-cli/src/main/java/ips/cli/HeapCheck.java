package ips.cli;

import ips.cli.report.Units;
import ips.core.EngineConfig;
import ips.core.TableMemory;

/** Says that the JVM has too little memory for the tables, before it is out of it. */
final class HeapCheck {
    private HeapCheck() {}

    /**
     * @throws UserError that says how much it takes
     */
    static void check(EngineConfig config) {
        check(config, Runtime.getRuntime().maxMemory());
    }

    static void check(EngineConfig config, long heapBytes) {
        long tables = TableMemory.heapBytes(config);
        long rings = TableMemory.ringBytes(config);
        if (tables <= heapBytes && rings <= heapBytes) {
            return;
        }
        long most = Math.max(tables, rings);
        throw new UserError(
                ExitCode.ENVIRONMENT,
                "%s of this configuration take some %s, and the JVM has %s: give it more with IPS_JAVA_OPTS=-Xmx%dm, or make them smaller"
                        .formatted(
                                tables >= rings ? "the tables" : "the rings",
                                Units.bytes(most),
                                Units.bytes(heapBytes),
                                (most >> 20) * 5 / 4 + 256));
    }
}
