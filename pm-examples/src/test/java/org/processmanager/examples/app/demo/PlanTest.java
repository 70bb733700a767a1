package org.processmanager.examples.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;

class PlanTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Property(tries = 200)
    void unitsOfAllProducers_coverTheFileAndCutAlike(
            @ForAll(supplier = Texts.class) byte[] text, @ForAll @IntRange(min = 1, max = 4) int producers)
            throws Exception {
        Path file = Files.createTempFile("pm-plan", ".txt");
        try {
            Files.write(file, text);
            Plan plan = Plan.of(List.of(file), producers);
            assertEquals(Texts.countNaively(text), plan.expected());
            assertEquals(plan.expected().items(), itemEnds(plan));
            List<WorkUnit> units = unitsInOrder(plan, producers);
            long position = 0;
            int piece = 0;
            for (WorkUnit unit : units) {
                assertEquals(position, unit.offset());
                assertEquals(piece, unit.firstPiece());
                assertEquals(unit, WorkUnit.fromLine(unit.toLine()));
                position += unit.length();
                piece += checkPieces(plan, unit, text);
            }
            assertEquals(text.length, position);
            assertEquals(plan.pieces(), piece);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void longLine_isSplitBetweenUnits() throws Exception {
        Path file = Files.writeString(tmp.path("long"), "word ".repeat(100_000));
        Plan plan = Plan.of(List.of(file), 2);
        assertEquals(new WordCount(1, 100_000), plan.expected());
        assertEquals(1, itemEnds(plan));
        assertTrue(unitsInOrder(plan, 2).size() > 10);
    }

    @Test
    void unitOfAFileWithAnOddName_survivesItsLine() throws Exception {
        Path file = Files.writeString(tmp.path("a b\n%20?ä"), "x\n");
        WorkUnit unit = Plan.of(List.of(file), 1).unitsOf(0, 1).get(0);
        assertEquals(file.toAbsolutePath(), WorkUnit.fromLine(unit.toLine()).file());
        assertFalse(unit.toLine().contains("\n"));
    }

    @Test
    void emptyFile_isNoWork() throws Exception {
        Path file = Files.createFile(tmp.path("empty"));
        Plan plan = Plan.of(List.of(file, file), 3);
        assertEquals(WordCount.NOTHING, plan.expected());
        assertEquals(0, plan.pieces());
        assertEquals(List.of(), plan.unitsOf(0, 3));
    }

    @Test
    void whatCannotBeRead_isNamed() throws Exception {
        Path good = Files.writeString(tmp.path("good"), "x");
        assertRefused(tmp.path("missing"), good, "missing: no such file");
        assertRefused(tmp.directory(), good, "is a directory");
        assertRefused(Path.of("/dev/null"), good, "/dev/null: is no regular file");
    }

    private static void assertRefused(Path bad, Path good, String text) {
        BadInputException e = assertThrows(BadInputException.class, () -> Plan.of(List.of(good, bad), 1));
        assertTrue(e.getMessage().contains(text), e.getMessage());
    }

    private static List<WorkUnit> unitsInOrder(Plan plan, int producers) {
        List<WorkUnit> units = new ArrayList<>();
        for (int producer = 0; producer < producers; producer++) {
            units.addAll(plan.unitsOf(producer, producers));
        }
        units.sort((a, b) -> Long.compare(a.firstPiece(), b.firstPiece()));
        return units;
    }

    private static int checkPieces(Plan plan, WorkUnit unit, byte[] text) throws InterruptedException, IOException {
        int[] next = {(int) unit.firstPiece()};
        PieceCutter cutter = new PieceCutter(
                Cell.TEXT_BYTES,
                unit.offset(),
                unit.beginsInWord(),
                (offset, length, endsItem, beginsInWord) -> assertEquals(plan.endsItem(next[0]++), endsItem));
        cutter.accept(text, (int) unit.offset(), (int) unit.offset() + unit.length());
        cutter.finish(unit.endsItem());
        assertEquals(unit.pieces(), next[0] - unit.firstPiece());
        return unit.pieces();
    }

    private static long itemEnds(Plan plan) {
        long ends = 0;
        for (int piece = 0; piece < plan.pieces(); piece++) {
            ends += plan.endsItem(piece) ? 1 : 0;
        }
        return ends;
    }
}
