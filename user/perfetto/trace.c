/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/trace.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"

#define REALTIME PB__BUILTIN_CLOCK__BUILTIN_CLOCK_REALTIME
#define MONOTONIC PB__BUILTIN_CLOCK__BUILTIN_CLOCK_MONOTONIC
#define BOOTTIME PB__BUILTIN_CLOCK__BUILTIN_CLOCK_BOOTTIME

#define CLEARED PB__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_INCREMENTAL_STATE_CLEARED
#define NEEDED PB__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_NEEDS_INCREMENTAL_STATE

static const char *const argument_names[ARGUMENTS] = {
	[ARGUMENT_RESULT] = "result",
	[ARGUMENT_TID] = "tid in its namespace",
	[ARGUMENT_ROLE] = "role",
	[ARGUMENT_INDEX] = "index",
	[ARGUMENT_SESSION_RESULT] = "index in the session's results",
	[ARGUMENT_STRATEGY] = "strategy",
	[ARGUMENT_MODE] = "mode",
	[ARGUMENT_WORKERS] = "workers",
	[ARGUMENT_BATCH] = "batch",
	[ARGUMENT_REPEAT] = "repeat",
	[ARGUMENT_EVENTS] = "events",
	[ARGUMENT_LOST] = "events lost",
	[ARGUMENT_FILLED_IN] = "gaps between strangers",
	[ARGUMENT_NOT_SEEN] = "own switches not seen",
	[ARGUMENT_CUT] = "cut off by the end of the capture",
};

int trace_start(struct trace *trace, FILE *out)
{
	int err;

	*trace = (struct trace){
		.sequence = 1,
		.first = true,
		.next_track = TRACK_FIRST_FREE,
		.next_flow = 1,
	};
	err = stream_start(&trace->stream, out);
	trace->names = names_new();
	return trace->names ? err : -ENOMEM;
}

int trace_end(struct trace *trace)
{
	names_free(trace->names);
	return stream_end(&trace->stream);
}

uint64_t trace_time(const struct trace *trace, uint64_t ns)
{
	int64_t time = (int64_t)ns + trace->boottime_offset_ns;

	return time < (int64_t)trace->floor_ns ? trace->floor_ns : (uint64_t)time;
}

/* The first packet of a sequence says that nothing before it counts, the others that it does. */
static void put(struct trace *trace, Pb__TracePacket *packet)
{
	packet->has_trusted_packet_sequence_id = true;
	packet->trusted_packet_sequence_id = trace->sequence;
	packet->has_sequence_flags = true;
	packet->sequence_flags = trace->first ? CLEARED : NEEDED;
	packet->has_first_packet_on_sequence = packet->first_packet_on_sequence = trace->first;
	trace->first = false;
	stream_packet(&trace->stream, packet);
}

static void put_at(struct trace *trace, Pb__TracePacket *packet, uint64_t ns)
{
	packet->has_timestamp = true;
	packet->timestamp = trace_time(trace, ns);
	if (packet->timestamp > trace->last_ns)
		trace->last_ns = packet->timestamp;
	put(trace, packet);
}

static void put_descriptor(struct trace *trace, Pb__TrackDescriptor *descriptor, uint64_t track)
{
	Pb__TracePacket packet = PB__TRACE_PACKET__INIT;

	descriptor->has_uuid = true;
	descriptor->uuid = track;
	packet.track_descriptor = descriptor;
	put(trace, &packet);
}

static void put_counter(struct trace *trace, uint64_t track, const char *name, const char *unit,
			const char *description)
{
	Pb__TrackDescriptor descriptor = PB__TRACK_DESCRIPTOR__INIT;
	Pb__CounterDescriptor counter = PB__COUNTER_DESCRIPTOR__INIT;

	counter.unit_name = (char *)unit;
	descriptor.name = (char *)name;
	descriptor.description = (char *)description;
	descriptor.counter = &counter;
	put_descriptor(trace, &descriptor, track);
}

static void put_tracks(struct trace *trace)
{
	Pb__TrackDescriptor races = PB__TRACK_DESCRIPTOR__INIT;

	races.name = (char *)"races";
	races.description = (char *)"Each race, and in it the time in which any worker raced";
	put_descriptor(trace, &races, TRACK_RACES);
	put_counter(trace, TRACK_SWITCHES, "switches of the race's tasks", "per ms",
		    "How often one of them left a CPU");
	put_counter(trace, TRACK_RUNNING, "tasks of the race on a CPU", "tasks",
		    "The mean of each millisecond");
	put_counter(trace, TRACK_WAITING, "tasks of the race that wait for a CPU", "tasks",
		    "The mean of each millisecond");
}

void trace_put_machine(struct trace *trace, const struct capture_about *about)
{
	Pb__TracePacket packet = PB__TRACE_PACKET__INIT;
	Pb__SystemInfo system = PB__SYSTEM_INFO__INIT;
	Pb__Utsname utsname = PB__UTSNAME__INIT;
	char release[LABEL];

	utf8_fit(about->kernel, release, sizeof(release));
	utsname.sysname = (char *)"Linux";
	utsname.release = release;
	system.utsname = &utsname;
	system.has_num_cpus = true;
	system.num_cpus = about->cpus;
	packet.system_info = &system;
	put(trace, &packet);
	put_tracks(trace);
}

static void set_clock(Pb__ClockSnapshot__Clock *clock, uint32_t id, uint64_t ns)
{
	pb__clock_snapshot__clock__init(clock);
	clock->has_clock_id = clock->has_timestamp = true;
	clock->clock_id = id;
	clock->timestamp = ns;
}

static void put_clocks(struct trace *trace, const struct capture_clock *read)
{
	Pb__ClockSnapshot__Clock clocks[3], *list[] = { &clocks[0], &clocks[1], &clocks[2] };
	Pb__TracePacket packet = PB__TRACE_PACKET__INIT;
	Pb__ClockSnapshot snapshot = PB__CLOCK_SNAPSHOT__INIT;

	set_clock(&clocks[0], BOOTTIME, read->boottime_ns);
	set_clock(&clocks[1], MONOTONIC, read->monotonic_ns);
	set_clock(&clocks[2], REALTIME, read->realtime_ns);
	snapshot.clocks = list;
	snapshot.n_clocks = 3;
	snapshot.has_primary_trace_clock = true;
	snapshot.primary_trace_clock = BOOTTIME;
	packet.clock_snapshot = &snapshot;
	put_at(trace, &packet, read->monotonic_ns);
}

void trace_begin_race(struct trace *trace, const struct capture_clock *clock, label_writer *label,
		      const void *label_of)
{
	trace->sequence++;
	trace->first = true;
	memset(trace->argument_is_named, 0, sizeof(trace->argument_is_named));
	names_clear(trace->names);
	trace->label = label;
	trace->label_of = label_of;
	trace->boottime_offset_ns = (int64_t)clock->boottime_ns - (int64_t)clock->monotonic_ns;
	trace->floor_ns = trace->last_ns;
	put_clocks(trace, clock);
}

uint64_t trace_put_process(struct trace *trace, uint32_t pid, const char *name)
{
	Pb__TrackDescriptor descriptor = PB__TRACK_DESCRIPTOR__INIT;
	Pb__ProcessDescriptor process = PB__PROCESS_DESCRIPTOR__INIT;

	process.has_pid = true;
	process.pid = (int32_t)pid;
	process.process_name = (char *)name;
	descriptor.process = &process;
	put_descriptor(trace, &descriptor, trace->next_track);
	return trace->next_track++;
}

uint64_t trace_put_thread(struct trace *trace, uint32_t pid, uint32_t tid, const char *name)
{
	Pb__TrackDescriptor descriptor = PB__TRACK_DESCRIPTOR__INIT;
	Pb__ThreadDescriptor thread = PB__THREAD_DESCRIPTOR__INIT;

	thread.has_pid = thread.has_tid = true;
	thread.pid = (int32_t)pid;
	thread.tid = (int32_t)tid;
	thread.thread_name = (char *)name;
	descriptor.thread = &thread;
	put_descriptor(trace, &descriptor, trace->next_track);
	return trace->next_track++;
}

uint64_t trace_put_track_beside(struct trace *trace, uint64_t track, const char *name)
{
	Pb__TrackDescriptor descriptor = PB__TRACK_DESCRIPTOR__INIT;

	descriptor.has_parent_uuid = true;
	descriptor.parent_uuid = track;
	descriptor.name = (char *)name;
	put_descriptor(trace, &descriptor, trace->next_track);
	return trace->next_track++;
}

/* An event on a track, with what it needs beside it until it is written. */
struct track_event {
	Pb__TracePacket packet;
	Pb__TrackEvent event;
	Pb__InternedData interned;
	Pb__EventName name, *names[1];
	char label[LABEL];
	Pb__DebugAnnotationName argument_names[ARGUMENTS_MOST], *argument_list[ARGUMENTS_MOST];
	Pb__DebugAnnotation arguments[ARGUMENTS_MOST], *arguments_list[ARGUMENTS_MOST];
	uint64_t flow;
};

static void event_start(struct track_event *made, uint64_t track, Pb__TrackEvent__Type type)
{
	pb__trace_packet__init(&made->packet);
	pb__track_event__init(&made->event);
	pb__interned_data__init(&made->interned);
	made->packet.track_event = &made->event;
	made->event.has_type = made->event.has_track_uuid = true;
	made->event.type = type;
	made->event.track_uuid = track;
}

static void event_name(struct trace *trace, struct track_event *made, struct name name)
{
	bool is_new;
	uint64_t iid = names_find(trace->names, &name, &is_new);

	if (!iid) {
		if (!trace->stream.err)
			trace->stream.err = -ENOMEM;
		return;
	}
	made->event.has_name_iid = true;
	made->event.name_iid = iid;
	if (!is_new)
		return;
	trace->label(trace->label_of, &name, made->label);
	pb__event_name__init(&made->name);
	made->name.has_iid = true;
	made->name.iid = iid;
	made->name.name = made->label;
	made->names[0] = &made->name;
	made->interned.event_names = made->names;
	made->interned.n_event_names = 1;
	made->packet.interned_data = &made->interned;
}

static void event_argument_name(struct trace *trace, struct track_event *made,
				enum argument argument)
{
	Pb__DebugAnnotationName *name;

	if (trace->argument_is_named[argument])
		return;
	trace->argument_is_named[argument] = true;
	name = &made->argument_names[made->interned.n_debug_annotation_names];
	pb__debug_annotation_name__init(name);
	name->has_iid = true;
	name->iid = argument;
	name->name = (char *)argument_names[argument];
	made->argument_list[made->interned.n_debug_annotation_names++] = name;
	made->interned.debug_annotation_names = made->argument_list;
	made->packet.interned_data = &made->interned;
}

static void event_arguments(struct trace *trace, struct track_event *made,
			    const struct argument_value *value)
{
	size_t n = 0;

	for (; value && value->argument && n < ARGUMENTS_MOST; value++, n++) {
		Pb__DebugAnnotation *to = &made->arguments[n];

		event_argument_name(trace, made, value->argument);
		pb__debug_annotation__init(to);
		to->has_name_iid = true;
		to->name_iid = value->argument;
		to->string_value = (char *)value->text;
		to->has_int_value = !value->text;
		to->int_value = value->number;
		made->arguments_list[n] = to;
	}
	made->event.debug_annotations = made->arguments_list;
	made->event.n_debug_annotations = n;
}

void trace_begin(struct trace *trace, uint64_t track, uint64_t ns, struct name name,
		 const struct argument_value *arguments)
{
	struct track_event made;

	event_start(&made, track, PB__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN);
	event_name(trace, &made, name);
	event_arguments(trace, &made, arguments);
	put_at(trace, &made.packet, ns);
}

void trace_end_slice(struct trace *trace, uint64_t track, uint64_t ns,
		     const struct argument_value *arguments)
{
	struct track_event made;

	event_start(&made, track, PB__TRACK_EVENT__TYPE__TYPE_SLICE_END);
	event_arguments(trace, &made, arguments);
	put_at(trace, &made.packet, ns);
}

void trace_count(struct trace *trace, uint64_t track, uint64_t ns, double value)
{
	struct track_event made;

	event_start(&made, track, PB__TRACK_EVENT__TYPE__TYPE_COUNTER);
	made.event.has_double_counter_value = true;
	made.event.double_counter_value = value;
	put_at(trace, &made.packet, ns);
}

void trace_flow(struct trace *trace, const struct trace_point *from, const struct trace_point *to)
{
	struct track_event made;
	uint64_t flow = trace->next_flow++;

	event_start(&made, from->track, PB__TRACK_EVENT__TYPE__TYPE_INSTANT);
	event_name(trace, &made, from->name);
	made.event.flow_ids = &flow;
	made.event.n_flow_ids = 1;
	put_at(trace, &made.packet, from->ns);
	event_start(&made, to->track, PB__TRACK_EVENT__TYPE__TYPE_INSTANT);
	event_name(trace, &made, to->name);
	made.event.terminating_flow_ids = &flow;
	made.event.n_terminating_flow_ids = 1;
	put_at(trace, &made.packet, to->ns);
}

void trace_put_bundle(struct trace *trace, uint32_t cpu, Pb__FtraceEvent *const *events, size_t n)
{
	Pb__TracePacket packet = PB__TRACE_PACKET__INIT;
	Pb__FtraceEventBundle bundle = PB__FTRACE_EVENT_BUNDLE__INIT;

	bundle.has_cpu = true;
	bundle.cpu = cpu;
	bundle.event = (Pb__FtraceEvent **)events;
	bundle.n_event = n;
	packet.ftrace_events = &bundle;
	if (events[n - 1]->timestamp > trace->last_ns)
		trace->last_ns = events[n - 1]->timestamp;
	put(trace, &packet);
}
