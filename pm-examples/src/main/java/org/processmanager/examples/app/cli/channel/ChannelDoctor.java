package org.processmanager.examples.app.cli.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.processmanager.examples.app.cli.channel.FoundChannel.End;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelSnapshot.Role;

/**
 * What holds a channel up, from two looks at it.
 *
 * @param before the channel as it was
 * @param now the channel as it is
 */
record ChannelDoctor(FoundChannel before, FoundChannel now) {
    /**
     * A finding.
     *
     * @param problem whether messages do not arrive because of it
     * @param what what was found, with the process
     * @param advice what to do
     */
    record Finding(boolean problem, String what, String advice) {}

    /** Returns what was found, problems first; empty if nothing is worth saying. */
    List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        addDamage(found);
        for (End end : now.ends()) {
            if (end.suspended()) {
                found.add(new Finding(
                        true,
                        end + " is suspended" + delayed(end),
                        "resume it with kill -CONT " + end.pid() + ", or end it: its place is then free"));
            } else if (end.claim().isPresent() && hadClaim(end)) {
                found.add(new Finding(
                        true,
                        end + " has a " + end.claim().get() + ", which blocks its lane",
                        "commit or close the claim; what its thread does: jstack " + end.pid()));
            }
        }
        if (now.hasMessages()) {
            addBacklog(found);
        }
        for (End end : now.ends()) {
            if (!end.alive()) {
                found.add(new Finding(
                        false,
                        end + " died; " + (end.role() == Role.SENDER ? "what it sent stays, " : "")
                                + "its place is free",
                        "start it again if it is missed; the next process that opens the channel takes its place"));
            }
        }
        if (!now.isInUse() && !now.hasMessages()) {
            found.add(new Finding(false, "no process uses it", "pm channel gc removes it"));
        }
        return found;
    }

    private void addDamage(List<Finding> found) {
        if (now.inspection() != null && now.inspection().damagedAt().isPresent()) {
            found.add(new Finding(
                    true,
                    "it is damaged at position " + now.inspection().damagedAt().getAsLong(),
                    "save what pm channel dump shows, stop its processes and delete " + now.file()));
        }
    }

    private static String delayed(End end) {
        return end.role() == Role.RECEIVER
                ? " and does not receive" + (end.lagBytes() > 0 ? ": it lags by " + end.lagBytes() + " bytes" : "")
                : end.claim()
                        .map(claim -> ", with a " + claim + ", which blocks its lane")
                        .orElse(", perhaps within a message, which the receiver does not see yet");
    }

    /** Returns whether the end had the same claim at the first look. */
    private boolean hadClaim(End end) {
        return before.ends().stream()
                .anyMatch(other -> other.pid() == end.pid() && other.claim().equals(end.claim()));
    }

    private void addBacklog(List<Finding> found) {
        String backlog = now.unreceived() + " not received" + (isFull() ? ", and it is full" : "");
        List<End> receivers = now.living(Role.RECEIVER);
        if (receivers.isEmpty()) {
            found.add(new Finding(
                    true,
                    backlog + ": there is no receiver",
                    "start the receiver, or receive by pm recv --follow " + now.endpoint()));
        }
        if (now.lanes().isEmpty() && before.hasMessages() && receivers.stream().anyMatch(end -> !end.suspended())) {
            found.add(
                    new Finding( // how many a queue has had is not known
                            false,
                            backlog
                                    + ", and some at the first look: the receivers are slower than the senders, or take none",
                            "see what their threads do: jstack "
                                    + receivers.stream()
                                            .map(end -> Long.toString(end.pid()))
                                            .distinct()
                                            .collect(Collectors.joining(", jstack "))));
        }
        for (End end : receivers) {
            if (!end.suspended() && end.lagBytes() > 0 && !hasMoved()) {
                found.add(new Finding(
                        true,
                        backlog + ": " + end + " has taken none between two looks",
                        "see what its thread does: jstack " + end.pid()));
            } else if (!end.suspended() && isFull()) {
                found.add(new Finding(
                        false,
                        backlog + ": " + end + " is slower than the sender",
                        "make its handler faster, or accept that senders wait"));
            }
        }
    }

    /** Returns whether a lane has less room than its longest message takes at worst. */
    private boolean isFull() {
        return now.lanes().stream().anyMatch(lane -> lane.backlogBytes() > lane.capacityBytes() / 2);
    }

    private boolean hasMoved() {
        List<Lane> earlier = before.lanes();
        for (Lane lane : now.lanes()) {
            if (lane.number() < earlier.size()
                    && lane.taken() != earlier.get(lane.number()).taken()) {
                return true;
            }
        }
        return earlier.size() != now.lanes().size();
    }
}
