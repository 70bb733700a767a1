/** The event log: a file of JSON objects, and what ran by its events. */
@NullMarked
package org.processmanager.examples.app.eventlog;

import org.jspecify.annotations.NullMarked;
