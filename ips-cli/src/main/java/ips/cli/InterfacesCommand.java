package ips.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import ips.capture.CaptureException;
import ips.capture.CaptureInterfaces;
import ips.capture.CaptureInterfaces.Interface;
import ips.cli.report.TextTable;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ips interfaces}: what there is to be watched. */
@Command(
        name = "interfaces",
        description = "Lists the interfaces that can be watched.",
        mixinStandardHelpOptions = true)
final class InterfacesCommand implements SensorCommand {
    private final Terminal terminal;

    @Option(names = "--json", description = "Print a JSON array, for programs.")
    private boolean json;

    InterfacesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<Interface> interfaces = list();
        if (json) {
            terminal.out().println(json(interfaces));
        } else {
            lines(interfaces, false).forEach(terminal.out()::println);
        }
        return ExitCode.OK;
    }

    /** The interfaces there are; that they cannot be listed is this host's fault. */
    static List<Interface> list() {
        try {
            return CaptureInterfaces.list();
        } catch (CaptureException e) {
            throw new UserError(ExitCode.ENVIRONMENT, e.getMessage(), e);
        }
    }

    /**
     * A table for a person.
     *
     * @param numbered whether each has a number to choose it by
     */
    static List<String> lines(List<Interface> interfaces, boolean numbered) {
        TextTable table =
                new TextTable(numbered ? "#>" : ">", "NAME", "STATE", "LINK", "ADDRESSES", "");
        int number = 0;
        for (Interface each : interfaces) {
            number++;
            table.row(
                    numbered ? Integer.toString(number) : "",
                    each.name(),
                    each.up() ? "up" : "down",
                    each.link(),
                    String.join(" ", each.addresses()),
                    each.description());
        }
        return table.lines().stream().map(line -> numbered ? line : line.stripLeading()).toList();
    }

    private static String json(List<Interface> interfaces) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartArray();
            for (Interface each : interfaces) {
                json.writeStartObject();
                json.writeStringField("name", each.name());
                json.writeStringField("description", each.description());
                json.writeBooleanField("up", each.up());
                json.writeStringField("link", each.link());
                write("addresses", each.addresses(), json);
                write("usable_by", each.usableBy(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void write(String name, List<String> values, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
