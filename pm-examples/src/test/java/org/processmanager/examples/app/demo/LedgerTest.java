package org.processmanager.examples.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;

class LedgerTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void whatOneHandleEnters_theOtherReads() throws Exception {
        Path file = tmp.path("ledger");
        Ledger ours = Ledger.create(file, 3, 20_000);
        Ledger theirs = Ledger.open(file);
        theirs.deliver(19_999, 7, true);
        theirs.line(2).addPiece(false);
        theirs.line(2).addPiece(true);
        theirs.line(2).addWaitedNanos(5);
        long entry = ours.entry(19_999);
        assertEquals(7, LedgerLayout.words(entry));
        assertEquals(1, LedgerLayout.deliveries(entry));
        assertTrue(LedgerLayout.endsItem(entry));
        assertEquals(0, ours.entry(0));
        assertEquals(
                List.of(2L, 1L, 5L),
                List.of(
                        ours.line(2).pieces(),
                        ours.line(2).items(),
                        ours.line(2).waitedNanos()));
        assertEquals(0, ours.line(1).pieces());
    }

    @Test
    void secondDelivery_isCountedAndItsWordsAreNot() throws Exception {
        Ledger ledger = Ledger.create(tmp.path("ledger"), 1, 1);
        ledger.deliver(0, 7, true);
        ledger.deliver(0, 7, true);
        assertEquals(2, LedgerLayout.deliveries(ledger.entry(0)));
        assertEquals(7, LedgerLayout.words(ledger.entry(0)));
    }

    @Test
    void pieceOutsideThePlan_isRefused() throws Exception {
        Ledger ledger = Ledger.create(tmp.path("ledger"), 1, 5);
        assertThrows(IllegalStateException.class, () -> ledger.deliver(5, 1, true));
        assertThrows(IllegalStateException.class, () -> ledger.deliver(-1, 1, true));
        assertThrows(IllegalArgumentException.class, () -> ledger.line(1));
    }

    @Test
    void otherFile_isRefused() throws Exception {
        Path file = Files.writeString(tmp.path("text"), "no ledger at all".repeat(10));
        assertThrows(IOException.class, () -> Ledger.open(file));
        Path empty = Files.createFile(tmp.path("empty"));
        assertThrows(IOException.class, () -> Ledger.open(empty));
    }

    @Test
    void report_tellsLostFromDoubledFromRight() throws Exception {
        Path text = Files.writeString(tmp.path("text"), "a b\nc\n" + "x".repeat(300) + "\nd\n");
        Plan plan = Plan.of(List.of(text), 1);
        assertEquals(5, plan.pieces());
        Ledger ledger = Ledger.create(tmp.path("ledger"), 1, plan.pieces());
        ledger.deliver(0, 2, true);
        ledger.deliver(1, 1, true);
        ledger.deliver(1, 1, true);
        ledger.deliver(2, 1, false);
        ledger.deliver(4, 1, true);
        DemoReport report = DemoReport.of(plan, ledger, List.of(), List.of(), 1_000_000_000, null);
        assertEquals(
                List.of(3L, 5L, 1L, 1L), List.of(report.items(), report.words(), report.lost(), report.duplicated()));
        assertEquals(new WordCount(4, 5), report.expected());
        assertFalse(report.good());
        assertEquals(3, report.itemsPerSecond());
    }

    @Test
    void report_isGoodOnlyIfAllIs() throws Exception {
        Path text = Files.writeString(tmp.path("text"), "a b\n");
        Plan plan = Plan.of(List.of(text), 1);
        Ledger ledger = Ledger.create(tmp.path("ledger"), 1, plan.pieces());
        ledger.deliver(0, 2, true);
        assertTrue(DemoReport.of(plan, ledger, List.of(), List.of(), 1, null).good());
        assertFalse(DemoReport.of(plan, ledger, List.of(), List.of(), 1, "a party died")
                .good());
        Ledger wrong = Ledger.create(tmp.path("wrong"), 1, plan.pieces());
        wrong.deliver(0, 3, true);
        assertFalse(DemoReport.of(plan, wrong, List.of(), List.of(), 1, null).good());
    }
}
