package org.processmanager.examples.app.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Distributes slices over tracks, so that two slices of a track never overlap in part. Slices come in the order of their begins. */
final class Tracks {
    private final Map<String, List<Track>> byName = new LinkedHashMap<>();
    private int count;

    /** A track, and the ends of the slices that its next one may be within, the innermost first. */
    record Track(int id, String name, Deque<Long> ends) {}

    /** Returns a track of this name on which nothing else happens at that time. */
    int place(String name, long from, long to) {
        return place(name, from, to, false);
    }

    /** Returns a track of this name on which the slice is within all that have begun and not ended. */
    int placeNested(String name, long from, long to) {
        return place(name, from, to, true);
    }

    private int place(String name, long from, long to, boolean mayNest) {
        List<Track> tracks = byName.computeIfAbsent(name, key -> new ArrayList<>());
        for (Track track : tracks) {
            Deque<Long> ends = track.ends();
            while (!ends.isEmpty() && ends.peek() <= from) {
                ends.pop();
            }
            if (ends.isEmpty() || mayNest && to <= ends.peek()) {
                ends.push(to);
                return track.id();
            }
        }
        String title = tracks.isEmpty() ? name : name + " #" + (tracks.size() + 1);
        Track track = new Track(++count, title, new ArrayDeque<>());
        track.ends().push(to);
        tracks.add(track);
        return track.id();
    }

    List<Track> all() {
        return byName.values().stream().flatMap(List::stream).toList();
    }
}
