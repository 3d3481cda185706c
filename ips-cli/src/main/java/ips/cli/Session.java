package ips.cli;

import ips.capture.CaptureSource;
import ips.cli.report.Units;
import ips.core.Engine;
import ips.core.EngineReport;
import ips.core.RecurringErrors;
import ips.core.block.BanMemory;
import ips.core.block.BanMemoryFile;
import ips.core.block.BlockListener;
import ips.core.block.nft.NftablesEnforcer;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run: an engine made from the configuration, with its logs, fed by one source until that ends
 * or somebody asks for the end. The thread that made it runs it.
 */
final class Session implements AutoCloseable {
    private final List<BlockListener> logs;
    private final Engine engine;
    private final MemoryKeeper memory;
    private final PrintStream errors;
    private final RecurringErrors recurring = new RecurringErrors(this::tellError);
    private final long beginNs = System.nanoTime();
    private Duration elapsed = Duration.ZERO;
    private IOException failure;

    /**
     * Makes the engine and starts its threads.
     *
     * @param live whether the source is a link of this host, whose own addresses are never banned
     * @param subject the one interface or file that is read, or null
     * @param rules those that are asked from the start
     * @param more listeners beside the logs; the session closes them
     * @param errors where a person reads what goes wrong
     */
    Session(
            SensorConfig config,
            boolean live,
            String subject,
            SignatureSet rules,
            List<BlockListener> more,
            Terminal terminal,
            PrintStream errors) {
        this.errors = errors;
        Logs.check(config.output());
        List<BlockListener> listeners = new ArrayList<>(more);
        Counters counted = new Counters();
        logs = Logs.open(config, subject, this::counters, counted, terminal, recurring);
        listeners.addAll(logs);
        Engine.Builder builder =
                Engine.builder()
                        .config(config.engine())
                        .protectHost(live)
                        .lossless(!live)
                        .framesShownToAll(!live)
                        .keepFrames(!config.output().pcapAlerts().isEmpty())
                        .counters(counted)
                        .rules(rules, ruleOptions(config))
                        .errorHandler(recurring);
        listeners.forEach(builder::listener);
        BanMemoryFile file = null;
        if (live && config.block() == SensorConfig.Block.NFT) {
            builder.enforcer(nft(config));
            file = new BanMemoryFile(config.output().banMemoryFile());
            builder.banMemory(remembered(file));
        }
        engine = builder.build();
        if (live) {
            System.gc(); // what is made now stays: no collection during a flood moves it
        }
        memory = file == null ? null : new MemoryKeeper(file, engine.blockManager(), this::tell);
    }

    private NftablesEnforcer nft(SensorConfig config) {
        return new NftablesEnforcer(config.nft(), config.engine().bans().maxBans(), this::tell);
    }

    private BanMemory remembered(BanMemoryFile file) {
        try {
            return file.read();
        } catch (IOException e) {
            tell(Errors.sentence(e));
            return BanMemory.NONE;
        }
    }

    private void tell(String sentence) {
        errors.println("ips: " + sentence);
    }

    /** How the configuration has rules asked. */
    static RuleInspector.Options ruleOptions(SensorConfig config) {
        SensorConfig.Rules rules = config.rules();
        return new RuleInspector.Options(
                rules.mode() == SensorConfig.RuleMode.IPS,
                rules.midstream(),
                config.engine().verifyChecksums(),
                rules.flows(),
                config.output().evePayload());
    }

    private void tellError(Throwable e, long again) {
        boolean isEnvironments = e instanceof IOException;
        String times = again == 0 ? "" : " (" + Units.count(again) + " times more)";
        tell((isEnvironments ? e.getMessage() : "a bug in ips: " + e) + times);
    }

    private Map<Counter, Long> counters() {
        return engine.counters();
    }

    Engine engine() {
        return engine;
    }

    /** Goes on in files of the logs' names, wherever those so far were moved; from any thread. */
    void reopenLogs() {
        Logs.reopen(logs);
    }

    /** Asks for the end, from any thread. */
    void stop() {
        engine.stop();
    }

    /**
     * Feeds the source's frames until it ends, fails or {@link #stop} is called; then takes all
     * that is on its way to its end and flushes the logs.
     */
    EngineReport run(CaptureSource source) {
        try {
            engine.run(source);
        } catch (IOException e) {
            failure = e;
        }
        if (memory != null) {
            memory.close();
        }
        engine.close();
        recurring.flush();
        elapsed = Duration.ofNanos(System.nanoTime() - beginNs);
        return engine.report();
    }

    /** Throws what ended the source before its end, once everything has been told. */
    void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    Duration elapsed() {
        return elapsed;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
        engine.close();
    }
}
