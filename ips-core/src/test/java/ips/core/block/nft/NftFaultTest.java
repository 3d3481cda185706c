package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.nft.NftCommand.Failure;
import ips.core.block.nft.NftCommand.Result;
import ips.core.block.nft.NftFault.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NftFaultTest {
    private static final String REFUSAL = "/dev/stdin:1:1-9: Error: Could not process rule: ";

    private static Result ended(int exitCode, String errors) {
        return new Result(exitCode, new byte[0], errors, Failure.NONE);
    }

    private static NftFault fault(int exitCode, String errors) {
        return NftFault.of(ended(exitCode, errors), NftConfig.DEFAULTS);
    }

    @Test
    void saysThatNftSaidNothing() {
        NftFault fault = fault(1, " \n");

        assertEquals(Kind.UNUSABLE, fault.kind());
        assertTrue(
                fault.sentence().startsWith("nft ended with exit code 1 and said nothing, so"),
                fault.sentence());
        assertTrue(fault.sentence().contains("nft.program"), fault.sentence());
    }

    @ParameterizedTest
    @CsvSource({
        "127, 'nft: error while loading libnftables.so.1: No such file or directory'",
        "126, 'sh: cannot create /tmp/x: File exists'",
        "3, gibberish",
    })
    void takesNoWordsOfAnotherForAnAnswerAboutTheTable(int exitCode, String errors) {
        NftFault fault = fault(exitCode, errors);

        assertEquals(Kind.UNUSABLE, fault.kind());
        assertTrue(
                fault.sentence()
                        .startsWith("nft ended with exit code " + exitCode + " (" + errors + ")"),
                fault.sentence());
        assertFalse(NftScript.isAnswered(ended(exitCode, errors)));
    }

    @ParameterizedTest
    @CsvSource({
        "No such file or directory, MISSING",
        "File exists, DIFFERENT",
        "Device or resource busy, REFUSED",
    })
    void takesForChangedWhatNftAnswersAboutTheTable(String errors, Kind kind) {
        assertEquals(kind, fault(1, REFUSAL + errors).kind());
        assertTrue(NftScript.isAnswered(ended(1, REFUSAL + errors + "\nadd table inet ips\n")));
    }

    @Test
    void takesAnyOtherRefusalOfTheProbeForNoAnswer() {
        String errors = REFUSAL + "File exists\n" + REFUSAL + "Interrupted system call\n";

        assertFalse(NftScript.isAnswered(ended(1, errors)));
        assertTrue(NftScript.isAnswered(ended(0, "")));
    }
}
