package org.processmanager.examples.app.cli.top;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTree;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.process.ProcessActions;
import org.processmanager.examples.app.cli.process.ProcessFilter;
import org.processmanager.examples.app.cli.process.SortKey;
import org.processmanager.examples.app.cli.terminal.Keys;

/** What the keys of the live view do: each turns a state into another one. */
final class TopKeys {
    /** Lines of the help: keys and what they do. */
    static final List<String> HELP = List.of(
            "arrows j k     select a process; also Page Up, Page Down, Home, End, g, G",
            "Esc            select none, and remove the filter",
            "c m p n        sort by cpu, memory, pid, name",
            "T u a w        sort by time, user, age (latest start first), threads",
            "< >            sort by the key before or after",
            "r              reverse the order",
            "/ f            filter: text in the name, user:NAME, port:N",
            "t              tree: children below their parents",
            "left right     collapse and expand the selected process; also - and +",
            "i Enter        details of the selected process",
            "s              stop the selected process and its descendants (TERM, then KILL)",
            "K              kill them",
            "S              send a signal to the selected process alone",
            "x              show or hide processes that exited in the last minute",
            "space          pause and continue",
            "^L             draw the screen again",
            "q ^C ^D        quit");

    private static final String YES = "y";

    private TopKeys() {}

    /** Returns the state after a key. */
    static TopState press(TopState before, String key) {
        TopState state = before.says("", false);
        switch (key) {
            case "^C":
                return state.requests(new Request.Quit(ExitCode.ofSignal(2)));
            case Keys.END_OF_INPUT:
                return state.requests(new Request.Quit(ExitCode.OK));
            case "^L":
                return state.requests(new Request.Redraw());
            case "^Z":
                return state.requests(new Request.Suspend());
            default:
                Prompt prompt = state.prompt;
                if (prompt != null) {
                    return prompt.kind() == Prompt.Kind.CONFIRMATION
                            ? confirm(state, prompt, key)
                            : edit(state, prompt, key);
                }
                return state.help >= 0 ? help(state, key) : command(state, key);
        }
    }

    private static TopState command(TopState state, String key) {
        return switch (key) {
            case "q", "^D" -> state.requests(new Request.Quit(ExitCode.OK));
            case "h", "?" -> state.with(next -> next.help = 0);
            case " " -> state.with(next -> next.paused = !state.paused);
            case "/", "f" ->
                state.with(next -> {
                    next.filterBefore = state.filter;
                    next.prompt = new Prompt(Prompt.Kind.FILTER, "filter: ", state.filter.text(), null, null);
                });
            case "x" -> state.with(next -> next.showsExited = !state.showsExited);
            case Keys.ESCAPE ->
                state.unselect().arranged(next -> next.filter = ProcessFilter.parse("", state.filter.kernelThreads()));
            case "r" -> state.arranged(next -> next.reversed = !state.reversed);
            case "t" -> state.arranged(next -> next.tree = !state.tree);
            case "i", Keys.ENTER, "s", "K", "S", Keys.LEFT, Keys.RIGHT, "-", "+", "=" -> ofSelected(state, key);
            default -> {
                TopState moved = move(state, key);
                yield moved == null ? sort(state, key) : moved;
            }
        };
    }

    /** Keys that move scroll the help, if it does not fit; all others leave it. */
    private static TopState help(TopState state, String key) {
        int most = Math.max(0, HELP.size() - state.body());
        return switch (key) {
            case "j", Keys.DOWN, Keys.PAGE_DOWN -> state.with(next -> next.help = Math.min(most, state.help + 1));
            case "k", Keys.UP, Keys.PAGE_UP -> state.with(next -> next.help = Math.max(0, state.help - 1));
            default -> state.with(next -> next.help = -1);
        };
    }

    /** Returns the state after a key that selects another row; null if it does not. */
    private static @Nullable TopState move(TopState state, String key) {
        int page = Math.max(1, state.room() - 1);
        int at = state.selected();
        return switch (key) {
            case "j", Keys.DOWN -> state.select(at < 0 ? state.offset() : at + 1);
            case "k", Keys.UP -> state.select(at < 0 ? state.offset() : at - 1);
            case Keys.PAGE_DOWN -> state.select(Math.max(0, at) + page);
            case Keys.PAGE_UP -> state.select(at - page);
            case "g", Keys.HOME -> state.select(0);
            case "G", Keys.END -> state.select(state.rows().size() - 1);
            default -> null;
        };
    }

    private static TopState sort(TopState state, String key) {
        SortKey[] all = SortKey.values();
        int at = state.sort.ordinal();
        return switch (key) {
            case "c" -> sorted(state, SortKey.cpu);
            case "m" -> sorted(state, SortKey.memory);
            case "p" -> sorted(state, SortKey.pid);
            case "n" -> sorted(state, SortKey.name);
            case "T" -> sorted(state, SortKey.time);
            case "u" -> sorted(state, SortKey.user);
            case "a" -> sorted(state, SortKey.start);
            case "w" -> sorted(state, SortKey.threads);
            case ">" -> sorted(state, all[(at + 1) % all.length]);
            case "<" -> sorted(state, all[(at + all.length - 1) % all.length]);
            default -> Keys.isText(key) ? state.says("no such key: " + key + " (? lists them)", true) : state;
        };
    }

    private static TopState sorted(TopState state, SortKey key) {
        return state.arranged(next -> {
            next.sort = key;
            next.reversed = false;
        });
    }

    private static TopState ofSelected(TopState state, String key) {
        Optional<Row> selected = state.selectedRow();
        if (selected.isEmpty()) {
            return state.says("no process is selected (arrow keys select one)", true);
        }
        ProcessSnapshot process = selected.get().process();
        return switch (key) {
            case "i", Keys.ENTER -> state.with(next -> next.showsDetails = !state.showsDetails);
            case "s" -> askToStop(state, process, "stop ", StopPolicy.defaults());
            case "K" -> askToStop(state, process, "kill ", StopPolicy.immediateKill());
            case "S" ->
                refusal(state, process)
                        .orElseGet(() -> state.with(next -> next.prompt = new Prompt(
                                Prompt.Kind.SIGNAL,
                                "signal for " + ProcessActions.describe(process) + ": ",
                                "",
                                process,
                                null)));
            case Keys.LEFT, "-" -> collapse(state, selected.get());
            default ->
                state.tree
                        ? state.collapse(process.identity(), false)
                        : state.says("nothing to expand in a list (t shows the tree)", true);
        };
    }

    /** Of a row without children, or that is collapsed, the parent is selected. */
    private static TopState collapse(TopState state, Row row) {
        if (!state.tree) {
            return state.says("nothing to collapse in a list (t shows the tree)", true);
        }
        int parent = state.parentOf(state.selected());
        return row.hidden() == 0 && state.hasChildren(state.selected())
                ? state.collapse(row.process().identity(), true)
                : parent < 0 ? state : state.select(parent);
    }

    private static Optional<TopState> refusal(TopState state, ProcessSnapshot process) {
        return ProcessActions.harmOf(process, state.sample.processes())
                .map(harm -> state.says(harm + "; nothing was done", true));
    }

    private static TopState askToStop(TopState state, ProcessSnapshot process, String verb, StopPolicy policy) {
        int below = ProcessTree.of(state.sample.processes())
                .descendants(process.pid())
                .size();
        String tree = below == 0 ? "" : below == 1 ? " and its descendant" : " and its " + below + " descendants";
        return refusal(state, process)
                .orElseGet(() -> ask(
                        state,
                        verb + ProcessActions.describe(process) + tree + "?",
                        new Request.Stop(process, policy)));
    }

    private static TopState ask(TopState state, String question, Request request) {
        return state.with(
                next -> next.prompt = new Prompt(Prompt.Kind.CONFIRMATION, question + " (y/n)", "", null, request));
    }

    private static TopState confirm(TopState state, Prompt prompt, String key) {
        TopState answered = state.with(next -> next.prompt = null);
        return key.equals(YES) && prompt.request() != null
                ? answered.requests(prompt.request())
                : answered.says("nothing was done", false);
    }

    private static TopState edit(TopState state, Prompt prompt, String key) {
        String text = prompt.text();
        if (key.equals(Keys.ENTER)) {
            return prompt.kind() == Prompt.Kind.FILTER ? filtered(state, text) : signalled(state, prompt);
        }
        if (key.equals(Keys.ESCAPE) || key.equals("^D")) {
            return state.arranged(next -> {
                next.prompt = null;
                next.filter = state.filterBefore;
            });
        }
        String typed = text;
        if (Keys.isText(key)) {
            typed = text + key;
        } else if (key.equals(Keys.BACKSPACE)) {
            typed = text.isEmpty() ? "" : text.substring(0, text.offsetByCodePoints(text.length(), -1));
        } else if (key.equals("^U")) {
            typed = "";
        }
        String now = typed;
        TopState edited = state.with(next -> next.prompt = prompt.typed(now));
        return prompt.kind() == Prompt.Kind.FILTER ? tryFilter(edited, now) : edited;
    }

    /** Filters while the filter is typed, as far as it is complete. */
    private static TopState tryFilter(TopState state, String text) {
        try {
            ProcessFilter filter = ProcessFilter.parse(text, state.filter.kernelThreads());
            return state.arranged(next -> next.filter = filter);
        } catch (IllegalArgumentException e) {
            return state;
        }
    }

    private static TopState filtered(TopState state, String text) {
        try {
            ProcessFilter filter = ProcessFilter.parse(text, state.filter.kernelThreads());
            return state.arranged(next -> {
                next.prompt = null;
                next.filter = filter;
                next.filterBefore = filter;
            });
        } catch (IllegalArgumentException e) {
            return state.says(String.valueOf(e.getMessage()), true);
        }
    }

    private static TopState signalled(TopState state, Prompt prompt) {
        ProcessSnapshot process = prompt.process();
        if (prompt.text().isBlank() || process == null) {
            return state.with(next -> next.prompt = null).says("nothing was done", false);
        }
        try {
            Signal signal = Signal.named(prompt.text().strip());
            return ask(
                    state,
                    "send " + signal.name() + " to " + ProcessActions.describe(process) + "?",
                    new Request.Send(process, signal));
        } catch (IllegalArgumentException e) {
            return state.says(String.valueOf(e.getMessage()), true);
        }
    }
}
