package org.processmanager.examples.app.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.core.monitor.Sample;
import org.processmanager.examples.app.cli.process.ProcessFilter;
import org.processmanager.examples.app.cli.process.SortKey;
import org.processmanager.examples.app.cli.terminal.Keys;
import org.processmanager.fixtures.Scenario;

/** What each key makes of a state. */
class TopKeysTest {
    private static final ProcessFilter ALL = ProcessFilter.parse("", false);

    private static TopState start() {
        return new TopState(SortKey.cpu, false, ALL, 80, 24)
                .sampled(Samples.family().sample(), 0, List.of());
    }

    private static TopState press(TopState state, String... keys) {
        TopState now = state;
        for (String key : keys) {
            now = TopKeys.press(now, key);
        }
        return now;
    }

    private static TopState type(TopState state, String text) {
        return press(state, text.split(""));
    }

    private static String names(TopState state) {
        return state.rows().stream().map(row -> row.process().name()).collect(Collectors.joining(" "));
    }

    private static String selected(TopState state) {
        return state.selectedRow().map(row -> row.process().name()).orElse("");
    }

    @Test
    void sortKeys_orderTheRows() {
        assertEquals("worker-a worker-b helper server shell", names(start()));
        assertEquals("shell server worker-a worker-b helper", names(press(start(), "m")));
        assertEquals("server worker-a worker-b helper shell", names(press(start(), "p")));
        assertEquals("helper server shell worker-a worker-b", names(press(start(), "n")));
        assertEquals("worker-b worker-a shell server helper", names(press(start(), "n", "r")));
        assertEquals("shell helper worker-b worker-a server", names(press(start(), "T")));
        assertEquals("worker-a helper server worker-b shell", names(press(start(), "u")));
        assertEquals(SortKey.memory, press(start(), ">").sort);
        assertEquals(SortKey.user, press(start(), "<", "<").sort);
        assertEquals(SortKey.start, press(start(), "a").sort);
        assertEquals(SortKey.threads, press(start(), "w").sort);
    }

    @Test
    void selection_movesAndFollowsItsProcess() {
        assertEquals("", selected(start()));
        assertEquals("worker-a", selected(press(start(), "j")));
        assertEquals("worker-b", selected(press(start(), "j", Keys.DOWN)));
        assertEquals("worker-a", selected(press(start(), "j", Keys.DOWN, "k", Keys.UP)));
        assertEquals("shell", selected(press(start(), Keys.END, "j")));
        assertEquals("shell", selected(press(start(), Keys.PAGE_DOWN)));
        assertEquals("worker-a", selected(press(start(), "G", "g")));
        TopState helper = press(start(), "j", "j", "j");
        assertEquals("helper", selected(helper));
        assertEquals("helper", selected(press(helper, "m")));
        assertEquals(4, press(helper, "m").selected());
        TopState next = helper.sampled(new Samples().add(1, 0, "server", 1, 1).sample(), 0, List.of());
        assertEquals("server", selected(next)); // its process has exited
        TopState none = next.sampled(new Samples().sample(), 0, List.of());
        assertEquals("", selected(none));
        assertEquals("", selected(press(none, "j")));
        assertEquals("", selected(press(helper, Keys.ESCAPE)));
    }

    @Test
    void smallTerminal_scrollsToTheSelection() {
        TopState state = start().with(next -> next.lines = 5); // two rows
        assertEquals(2, state.room());
        assertEquals(0, press(state, "j", "j").offset());
        assertEquals(1, press(state, "j", "j", "j").offset());
        assertEquals(3, press(state, Keys.END).offset());
        assertEquals(0, press(state, Keys.END, Keys.HOME).offset());
        assertEquals(0, press(state, Keys.END, Keys.ESCAPE).offset());
        for (int lines = 0; lines < 4; lines++) {
            int height = lines;
            press(start().with(next -> next.lines = height), "j", "i", Keys.END, "?", "j", "q");
        }
    }

    @Test
    void tree_collapsesAndExpands() {
        TopState tree = press(start(), "t");
        assertEquals("server worker-a worker-b helper shell", names(tree));
        assertEquals(
                List.of(0, 1, 1, 2, 0), tree.rows().stream().map(Row::depth).toList());
        TopState collapsed = press(tree, "g", Keys.LEFT);
        assertEquals("server shell", names(collapsed));
        assertEquals(3, collapsed.rows().get(0).hidden());
        assertEquals("server shell", names(collapsed.sampled(Samples.family().sample(), 0, List.of())));
        assertEquals("server worker-a worker-b helper shell", names(press(collapsed, Keys.RIGHT)));
        TopState leaf = press(tree, "g", "j", "j", "j");
        assertEquals("helper", selected(leaf));
        assertEquals("worker-b", selected(press(leaf, Keys.LEFT))); // no children: its parent
        assertEquals("server worker-a worker-b shell", names(press(leaf, Keys.LEFT, "-")));
        assertEquals("worker-a worker-b helper server shell", names(press(collapsed, "t")));
        assertTrue(press(start(), "j", Keys.LEFT).isFailure);
    }

    @Test
    void filter_isTypedByNameUserAndPort() {
        TopState typed = type(start(), "/WORK");
        assertEquals("worker-a worker-b", names(typed));
        assertEquals("worker-a worker-b", names(press(typed, Keys.ENTER)));
        assertEquals(5, press(typed, Keys.ESCAPE).rows().size());
        assertEquals(5, press(typed, Keys.ENTER, Keys.ESCAPE).rows().size());
        assertEquals("worker-b", names(press(type(typed, "ER-c"), Keys.BACKSPACE, "b")));
        assertEquals("worker-b", names(press(type(start(), "fwork user:odd"), Keys.ENTER)));
        TopState port = press(type(start(), "/port:8080"), Keys.ENTER);
        assertEquals("", names(port));
        assertEquals("shell", names(port.arranged(next -> next.listening = Set.of(Samples.BASE + 5))));
        TopState bad = press(type(start(), "/port:0"), Keys.ENTER);
        assertTrue(bad.isFailure && bad.prompt != null && bad.message.contains("1 to 65535"), bad.message);
        TopState tree = press(type(press(start(), "t"), "/worker-b"), Keys.ENTER);
        assertEquals("worker-b helper", names(tree)); // with its descendants
    }

    @Test
    @Scenario("monitor/11")
    void stop_isConfirmed() {
        TopState asked = press(start(), "p", "g", "s");
        assertEquals(
                "stop process " + (Samples.BASE + 1) + " (server) and its 3 descendants? (y/n)",
                asked.prompt == null ? "" : asked.prompt.question());
        assertNull(asked.request);
        TopState no = press(asked, Keys.ENTER);
        assertEquals("nothing was done", no.message);
        assertNull(no.request);
        TopState yes = press(asked, "y");
        assertEquals(new Request.Stop(asked.rows().get(0).process(), StopPolicy.defaults()), yes.request);
        assertNull(yes.prompt);
        Request kill = press(start(), "j", "K", "y").request;
        assertTrue(kill instanceof Request.Stop stop && stop.policy().equals(StopPolicy.immediateKill()));
        // the question is about the process that was selected, also if the rows change meanwhile
        TopState later = asked.sampled(new Samples().add(5, 0, "shell", 0, 1).sample(), 0, List.of());
        assertTrue(press(later, "y").request instanceof Request.Stop stop
                && stop.process().name().equals("server"));
        assertTrue(press(start(), "s").message.contains("no process is selected"));
    }

    @Test
    void signal_isTypedAndConfirmed() {
        TopState typed = press(type(press(start(), "j", "S"), "hup"), Keys.ENTER);
        assertEquals(
                "send HUP to process " + (Samples.BASE + 2) + " (worker-a)? (y/n)",
                typed.prompt == null ? "" : typed.prompt.question());
        assertTrue(press(typed, "y").request instanceof Request.Send send
                && send.signal().equals(Signal.HUP));
        TopState unknown = press(type(press(start(), "j", "S"), "NOPE"), Keys.ENTER);
        assertTrue(unknown.isFailure && unknown.prompt != null, unknown.message);
        assertNull(press(start(), "j", "S", Keys.ENTER).prompt);
    }

    @Test
    @Scenario("monitor/9")
    void thisProcessAndItsParents_areRefused() {
        long self = ProcessHandle.current().pid();
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        TopState real = new TopState(SortKey.pid, false, ALL, 80, 24)
                .sampled(
                        new Sample(Instant.EPOCH, Duration.ZERO, ProcessTable.list(), List.of(), Map.of()),
                        0,
                        List.of());
        for (long pid : List.of(1L, self, parent)) {
            int index = 0;
            while (real.rows().get(index).process().pid() != pid) {
                index++;
            }
            for (String key : List.of("s", "K", "S")) {
                TopState refused = press(real.select(index), key);
                assertTrue(refused.isFailure && refused.prompt == null, refused.message);
                assertTrue(refused.message.startsWith("process " + pid + " ("), refused.message);
            }
        }
    }

    @Test
    void otherKeys_changeWhatIsShown() {
        assertTrue(press(start(), " ").paused);
        assertEquals(0, press(start(), "?").help);
        assertEquals(-1, press(start(), "h", "x").help);
        assertTrue(press(start(), "j", "i").showsDetails);
        assertTrue(!press(start(), "j", Keys.ENTER, "i").showsDetails);
        assertTrue(!press(start(), "x").showsExited);
        assertEquals(new Request.Quit(0), press(start(), "q").request);
        assertEquals(new Request.Quit(0), press(start(), "^D").request);
        assertEquals(new Request.Quit(0), press(start(), "/", Keys.END_OF_INPUT).request);
        assertEquals(new Request.Quit(130), press(start(), "/", "^C").request);
        assertEquals(new Request.Suspend(), press(start(), "^Z").request);
        assertEquals(new Request.Redraw(), press(start(), "^L").request);
        assertTrue(press(start(), "%").isFailure);
        assertEquals("", press(start(), "%", "^X").message);
    }
}
