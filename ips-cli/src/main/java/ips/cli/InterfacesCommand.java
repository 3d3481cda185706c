package ips.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.capture.CaptureException;
import ips.capture.CaptureInterfaces;
import ips.capture.CaptureInterfaces.Interface;
import ips.cli.report.Json;
import ips.cli.report.TextTable;
import java.io.IOException;
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
            terminal.out().println(Json.of(json -> write(json, interfaces)));
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

    private static void write(JsonGenerator json, List<Interface> interfaces) throws IOException {
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

    private static void write(String name, List<String> values, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
