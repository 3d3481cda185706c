package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.flow.ConnectionTracker;
import ips.core.flow.TableConfig;
import ips.core.packet.FrameBuffer;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds docs/architecture.md to what an engine with default settings and one worker takes: walks
 * from the engine over everything of this project and adds the bytes of arrays and direct buffers
 * to the class that holds them.
 */
class TableBytesTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([A-Za-z]+)`[^|]*\\|[^|]*\\| *([\\d,]+) KiB", Pattern.MULTILINE);

    /** What is smaller needs no row. */
    private static final long WORTH_A_ROW = 256;

    private record Held(Object object, Class<?> holder) {}

    private final Map<String, Long> bytes = new TreeMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Held> waiting = new ArrayDeque<>();

    @Test
    void theArchitectureTellsTheBytesOfEveryTable() throws IOException {
        try (Engine engine = Engine.builder().build()) {
            walk(engine);
        }

        Map<String, Long> documented = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("../docs/architecture.md")));
        while (row.find()) {
            documented.put(row.group(1), Long.parseLong(row.group(2).replace(",", "")));
        }

        Map<String, Long> taken = new TreeMap<>();
        bytes.forEach((name, count) -> taken.put(name, (count + 512) / 1024));
        taken.values().removeIf(kib -> kib < WORTH_A_ROW);
        assertTrue(taken.containsKey("SourceTable"), "the walk found " + taken);
        assertEquals(taken, documented);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void tellsBeforehandWhatTheTablesTake(int workers) {
        ConnectionTracker.Config connections =
                new ConnectionTracker.Config(1 << 19, Duration.ofMillis(500), true, 1 << 17, false);
        EngineConfig config =
                EngineConfig.DEFAULTS
                        .withWorkers(workers)
                        .withTables(new TableConfig(100_000, 10_000, connections));
        try (Engine engine = Engine.builder().config(config).build()) {
            walk(engine);
        }

        long taken = bytes.values().stream().mapToLong(Long::longValue).sum();
        long told = TableMemory.heapBytes(config) + TableMemory.ringBytes(config);
        assertEquals(taken, told, taken * 0.2, "taken " + bytes);
    }

    private void walk(Object root) {
        take(root, root.getClass());
        while (!waiting.isEmpty()) {
            Held next = waiting.remove();
            Class<?> type = next.object.getClass();
            if (next.object instanceof ByteBuffer buffer) {
                if (buffer.isDirect()) {
                    add(next.holder, buffer.capacity());
                }
            } else if (type.isArray()) {
                array(next.object, type.getComponentType(), next.holder);
            } else if (isWalked(type)) {
                boolean holds = isOurs(type) && type != FrameBuffer.class;
                fields(next.object, holds ? type : next.holder);
            } else if (next.object instanceof Iterable<?> list) {
                list.forEach(element -> take(element, next.holder));
            }
        }
    }

    private void array(Object array, Class<?> element, Class<?> holder) {
        int length = Array.getLength(array);
        if (element.isPrimitive()) {
            add(holder, (long) length * bytesOf(element));
            return;
        }
        add(holder, 4L * length);
        for (Object each : (Object[]) array) {
            take(each, holder);
        }
    }

    private void fields(Object object, Class<?> holder) {
        for (Class<?> type = object.getClass(); isWalked(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    try {
                        field.setAccessible(true);
                        take(field.get(object), holder);
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
    }

    private void take(Object object, Class<?> holder) {
        if (object != null && seen.add(object)) {
            waiting.add(new Held(object, holder));
        }
    }

    /** A buffer is its holder's. */
    private void add(Class<?> holder, long count) {
        bytes.merge(holder.getSimpleName(), count, Long::sum);
    }

    private static boolean isWalked(Class<?> type) {
        return isOurs(type) || type.getName().startsWith("com.lmax.disruptor.");
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("ips.core.");
    }

    private static int bytesOf(Class<?> primitive) {
        if (primitive == long.class || primitive == double.class) {
            return Long.BYTES;
        }
        if (primitive == int.class || primitive == float.class) {
            return Integer.BYTES;
        }
        return primitive == short.class || primitive == char.class ? Short.BYTES : 1;
    }
}
