package ips.core.payload;

import ips.core.packet.FrameBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/**
 * Judges one value after another as a whole, however long, as the part of that number. Made by a
 * {@link StepCounter}, so that what the judges do is counted.
 */
final class JudgedValue implements ObjIntConsumer<byte[]> {
    private final RequestJudge judge =
            new RequestJudge(
                    new RequestJudge.Config(JudgePreset.BALANCED, Set.of(), List.of(), 64 << 20));

    private final PartKind[] parts = PartKind.values();

    @Override
    public void accept(byte[] value, int part) {
        judge.begin();
        judge.part(parts[part], new FrameBuffer(value), 0, value.length);
        judge.verdict();
    }
}
