package ips.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Setting;
import ips.core.Settings;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigBinderTest {
    record Flood(@Setting("how many") int threshold, @Setting("how far back") Duration window) {
        Flood {
            Settings.atLeast("threshold", threshold, 1);
        }
    }

    record Detectors(@Setting("SYN floods") Flood synFlood, @Setting("pings") Flood icmpFlood) {}

    public record Span(
            @Setting("least") int least, @Setting("most") int most, @Setting("step") int step) {
        public Span {
            Settings.within("least", least, 1, 10);
            Settings.inRange(most >= least && most <= 20, "most", most, "least to 20");
            Settings.within("step", step, 1, 10);
        }
    }

    public record Place(@Setting("where") String path, @Setting("who") List<Cidr> from) {
        public static final Place DEFAULTS = new Place("*", List.of());

        public Place {
            Settings.form(!path.isEmpty(), "path", path, "a path, or * for any");
        }
    }

    record Engine(
            @Setting("threads") int workers,
            @Setting("how wide") BanScope banScope,
            @Setting("who attacks") Detectors detectors) {}

    record Sensor(
            @Inline Engine engine,
            @Setting("where logs go") Path logDir,
            @Setting("never banned") List<Cidr> allow,
            @Setting("a share") double share,
            @Setting("on or off") boolean enabled,
            @Setting("bytes") long memory,
            @Setting("left alone") List<Place> places,
            @Setting("from where to where") Span span,
            @Setting("free text") String note) {}

    private static final Flood FLOOD = new Flood(50, Duration.ofSeconds(10));

    private static final Sensor DEFAULTS =
            new Sensor(
                    new Engine(1, BanScope.ALL, new Detectors(FLOOD, FLOOD)),
                    Path.of("logs"),
                    List.of(),
                    0.5,
                    true,
                    65_536,
                    List.of(),
                    new Span(5, 6, 1),
                    "say: \"hello\" # world");

    private static Sensor bind(String yaml) throws ConfigException {
        return ConfigBinder.bind(ConfigFile.parse(yaml, "ips.yaml"), DEFAULTS);
    }

    private static List<String> problems(String yaml) {
        ConfigException e = assertThrows(ConfigException.class, () -> bind(yaml));
        return e.problems().stream().map(ConfigException.Problem::toString).toList();
    }

    @Test
    void keepsTheDefaultsWhereTheFileIsSilent() throws ConfigException {
        assertEquals(DEFAULTS, bind(""));
        assertEquals(DEFAULTS, bind("# nothing but a comment\n"));
        assertEquals(DEFAULTS, bind("detectors:\n"));
    }

    @Test
    void addsToAListThatIsThereButEmpty() throws ConfigException {
        ConfigNode.Mapping yaml = ConfigFile.parse("allow:\n", "ips.yaml");
        yaml.append("allow", new ConfigNode.Scalar("192.0.2.1", "--allow"));

        assertEquals(List.of(Cidr.parse("192.0.2.1")), ConfigBinder.bind(yaml, DEFAULTS).allow());
    }

    @Test
    void bindsNestedRecordsByKebabCase() throws ConfigException {
        Sensor sensor =
                bind(
                        """
                        workers: 4
                        ban-scope: odd-flags
                        detectors:
                          syn-flood:
                            threshold: 1_500
                            window: 1m30s
                        log-dir: /var/log/ips
                        allow: [192.0.2.0/24, "2001:db8::1"]
                        share: 0.25
                        enabled: false
                        memory: 16MiB
                        note: 12
                        """);

        Engine engine = sensor.engine();
        assertEquals(4, engine.workers());
        assertEquals(BanScope.ODD_FLAGS, engine.banScope());
        assertEquals(new Flood(1500, Duration.ofSeconds(90)), engine.detectors().synFlood());
        assertEquals(FLOOD, engine.detectors().icmpFlood());
        assertEquals(Path.of("/var/log/ips"), sensor.logDir());
        assertEquals(
                List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::1")), sensor.allow());
        assertEquals(0.25, sensor.share());
        assertEquals(false, sensor.enabled());
        assertEquals(16L << 20, sensor.memory());
        assertEquals("12", sensor.note());
    }

    @Test
    void namesTheNearestKeyAndTheKnownOnesForAnUnknownKey() {
        assertEquals(
                List.of(
                        "ips.yaml:3: \"detectors.syn-flod\": unknown key; did you mean"
                                + " detectors.syn-flood? known here: icmp-flood, syn-flood"),
                problems("workers: 2\ndetectors:\n  syn-flod:\n    threshold: 5\n"));
    }

    @Test
    void understandsKeysInAnotherCase() {
        assertTrue(problems("log_dir: x\n").get(0).contains("did you mean log-dir?"));
        assertTrue(problems("logDir: x\n").get(0).contains("did you mean log-dir?"));
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() {
        List<String> problems =
                problems(
                        """
                        workers: many
                        colour: blue
                        detectors:
                          syn-flood: {threshold: 0}
                          icmp-flood: {window: 5 parsecs}
                        allow: [192.0.2.0/99]
                        """);

        assertEquals(5, problems.size(), problems::toString);
        assertTrue(problems.stream().anyMatch(p -> p.startsWith("ips.yaml:2: \"colour\"")));
        assertTrue(
                problems.contains(
                        "ips.yaml:1: workers: \"many\" is not a whole number such as 500, 65_536"
                                + " or 16MiB"));
        assertTrue(
                problems.contains(
                        "ips.yaml:4: detectors.syn-flood.threshold: 0 is out of range; give 1 or"
                                + " more"));
        assertTrue(
                problems.contains(
                        "ips.yaml:5: detectors.icmp-flood.window: \"5 parsecs\" is not a duration"
                                + " such as 60s, 10m or 500ms"));
    }

    @Test
    void reportsAllThatOneLevelRefusesInTheOrderOfLines() {
        assertEquals(
                List.of(
                        "ips.yaml:2: span.step: 0 is out of range; give 1 to 10",
                        "ips.yaml:3: span.most: 30 is out of range; give least to 20",
                        "ips.yaml:4: workers: \"x\" is not a whole number such as 500, 65_536 or"
                                + " 16MiB"),
                problems("span:\n  step: 0\n  most: 30\nworkers: x\n"));
    }

    /** 3 is less than the default of least, which nobody asked for. */
    @Test
    void reportsNothingThatRestsOnTheDefaultOfARefusedValue() {
        assertEquals(
                List.of("ips.yaml:2: span.least: 0 is out of range; give 1 to 10"),
                problems("span:\n  least: 0\n  most: 3\n"));
    }

    @Test
    void saysWhatMendsBrokenYaml() {
        String indented = problems("allow:\n    - a\n   - b\n").get(0);
        String open = problems("workers: 1\nlog-dir: [a\n").get(0);

        assertTrue(
                indented.endsWith("give this line the indentation of those it belongs to"),
                indented);
        assertTrue(open.endsWith("the bracket at ips.yaml:2 is not closed"), open);
    }

    @ParameterizedTest
    @CsvSource({
        "workers: 99999999999,whole number",
        "ban-scope: everything,'one of all, syn, icmp, odd-flags, udp'",
        "enabled: maybe,true or false",
        "share: NaN,a number",
        "detectors: 5,'expected keys below it: icmp-flood, syn-flood'",
        "workers: [1],whole number",
        "workers:,whole number",
        "allow: {a: b},expected a list",
        "'[1, 2]',expected keys with values",
        "just words,expected keys with values",
    })
    void saysWhatIsExpectedInstead(String yaml, String expected) {
        List<String> problems = problems(yaml);

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("ips.yaml:1: "), problems::toString);
        assertTrue(problems.get(0).contains(expected), problems::toString);
    }

    @Test
    void bindsListsOfRecords() throws ConfigException {
        Sensor sensor = bind("places:\n  - path: /a\n    from: [192.0.2.1]\n  - from: ['::1']\n");

        assertEquals(
                List.of(
                        new Place("/a", List.of(Cidr.parse("192.0.2.1"))),
                        new Place("*", List.of(Cidr.parse("::1")))),
                sensor.places());
        assertEquals(List.of(), bind("places:\n").places());
        assertEquals(List.of(), bind("places: []\n").places());
    }

    @ParameterizedTest
    @CsvSource({
        "{pth: /a},'ips.yaml:2: \"places.pth\": unknown key; did you mean places.path?'",
        "{path: ''},'ips.yaml:2: places.path: \"\" cannot be used; give a path'",
        "{from: [x]},'ips.yaml:2: places.from: \"x\" is not an address'",
        "word,'ips.yaml:2: places: expected a list of items, each with any of: from, path'",
    })
    void namesTheItemThatIsWrong(String item, String problem) {
        List<String> problems = problems("places:\n  - " + item + "\n");

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith(problem), problems::toString);
    }

    @Test
    void namesTheLineOfBrokenYaml() {
        assertTrue(
                problems("workers: 1\nlog-dir: [a, b\n").get(0).startsWith("ips.yaml:"),
                () -> problems("workers: 1\nlog-dir: [a, b\n").toString());
        assertTrue(problems("workers: 1\n\tlog-dir: a\n").get(0).contains("not valid YAML"));
    }

    @Test
    void refusesAKeyThatStandsTwice() {
        assertEquals(
                List.of("ips.yaml:2: workers stands already at ips.yaml:1"),
                problems("workers: 1\nworkers: 2\n"));
    }

    @Test
    void survivesAnAnchorThatHoldsItself() {
        assertTrue(problems("detectors: &a\n  syn-flood: *a\n").size() > 0);
    }

    @Test
    void refusesWhatIsNestedDeeperThanAnySetting() {
        String deep = "allow:\n " + "[".repeat(50_000);

        assertEquals(List.of("ips.yaml:2: nested too deeply"), problems(deep));
    }

    @Test
    void takesOptionsOverTheFile() throws ConfigException {
        ConfigNode.Mapping config = ConfigFile.parse("workers: 2\nlog-dir: a\n", "ips.yaml");
        config.put("workers", new ConfigNode.Scalar("3", "--workers"));
        config.put("detectors.syn-flood.threshold", new ConfigNode.Scalar("7", "--set"));

        Sensor sensor = ConfigBinder.bind(config, DEFAULTS);

        assertEquals(3, sensor.engine().workers());
        assertEquals(7, sensor.engine().detectors().synFlood().threshold());
        assertEquals(Path.of("a"), sensor.logDir());
    }

    @Test
    void namesTheOptionThatIsWrong() throws ConfigException {
        ConfigNode.Mapping config = ConfigFile.parse("workers: 2\n", "ips.yaml");
        config.put("workers", new ConfigNode.Scalar("x", "--workers"));

        ConfigException e =
                assertThrows(ConfigException.class, () -> ConfigBinder.bind(config, DEFAULTS));

        assertTrue(e.getMessage().startsWith("--workers: workers: \"x\" is not"));
    }

    @Test
    void printsWhatItReadsBack() throws ConfigException {
        Sensor changed =
                new Sensor(
                        new Engine(
                                3,
                                BanScope.UDP,
                                new Detectors(
                                        FLOOD, new Flood(1_000_000, Duration.ofMillis(1500)))),
                        Path.of("a b"),
                        List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1")),
                        1e-9,
                        false,
                        -5,
                        List.of(
                                new Place("/a: \"b\"/*", List.of(Cidr.parse("::/0"))),
                                Place.DEFAULTS),
                        new Span(2, 3, 4),
                        "tab\\ and \"quotes\": # - ");

        String yaml = ConfigPrinter.yaml(changed);

        assertEquals(changed, bind(yaml), yaml);
        assertTrue(yaml.contains("# how far back\n"), yaml);
        assertTrue(yaml.contains("threshold: 1_000_000\n"), yaml);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "60s,60s",
        "90s,90s",
        "10m,10m",
        "1h30m,90m",
        "2d,2d",
        "500ms,500ms",
        "1_500us,1500us",
        "7ns,7ns",
    })
    void writesDurationsAsPeopleDo(String read, String printed) {
        assertEquals(printed, Settings.text(ValueType.parseDuration(read)));
    }

    @Test
    void listsEverySettingWithItsKeyForTheDocs() {
        List<ConfigPrinter.Row> rows = ConfigPrinter.rows(DEFAULTS);

        assertEquals(16, rows.size());
        assertEquals("detectors.syn-flood.window", rows.get(3).key());
        assertTrue(
                ConfigPrinter.markdown(DEFAULTS)
                        .contains("| `detectors.syn-flood.window` | `10s` | how far back |\n"));
    }
}
