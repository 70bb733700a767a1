/** What is made of the event log: a page for a browser, and a trace for its viewers. Pure functions of the log. */
@NullMarked
package org.processmanager.examples.app.report;

import org.jspecify.annotations.NullMarked;
