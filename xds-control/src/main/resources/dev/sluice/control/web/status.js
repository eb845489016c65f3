'use strict';

// Reads /api/status once a second and draws it. Every text of the state is set as text, never as markup.

const PERIOD_MS = 1000;
const MOST_BLOCKERS = 4;
const SVG = 'http://www.w3.org/2000/svg';

function el(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

const NARROW = '\u202f'; // a narrow space that no line breaks at
const percent = ppm => `${+(ppm / 10000).toFixed(4)}${NARROW}%`;
const count = n => n.toLocaleString('en');
const rate = (errors, all) => all === 0 ? '–' : `${(100 * errors / all).toFixed(2)}${NARROW}%`;
const millis = micros => micros === 0 ? '–' : `${(micros / 1000).toFixed(micros < 10000 ? 1 : 0)}${NARROW}ms`;
const short = name => name.slice(name.lastIndexOf('/') + 1);
const badge = (text, kind) => el('span', `badge ${kind || ''}`, text);

function ago(time) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

function bar(ppm) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'bar');
  svg.setAttribute('viewBox', '0 0 1000 10');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${percent(ppm)} of keys are moved`);
  for (const [className, width] of [['whole', 1000], ['part', ppm / 1000]]) {
    const rect = document.createElementNS(SVG, 'rect');
    rect.setAttribute('class', className);
    rect.setAttribute('width', width);
    rect.setAttribute('height', 10);
    svg.append(rect);
  }
  return svg;
}

function arms(gate) {
  const row = (arm, dot) => el('tr', '',
    el('td', '', el('span', `dot ${dot}`), short(arm.version)),
    el('td', '', count(arm.requests)),
    el('td', arm.errors > 0 ? 'wrong' : '', count(arm.errors)),
    el('td', 'spare', rate(arm.errors, arm.requests)),
    el('td', 'spare', count(arm.keys)),
    el('td', '', millis(arm.p50Micros)),
    el('td', '', millis(arm.p99Micros)));
  const titles = ['version', 'requests', 'errors', 'rate', 'keys', 'p50', 'p99'];
  const spare = ['rate', 'keys'];
  return el('table', '',
    el('thead', '', el('tr', '', ...titles.map(title => el('th', spare.includes(title) ? 'spare' : '', title)))),
    el('tbody', '', row(gate.legacy, 'legacy'), row(gate.fresh, 'new')));
}

function gateState(gate) {
  if (gate.kill) return badge('killed', 'bad');
  if (gate.localKills.length > 0) return badge(`killed at ${gate.localKills.length}`, 'bad');
  if (gate.trips.length > 0) return badge(`${gate.trips.length} tripped`, 'bad');
  if (gate.applied < gate.nodes) return badge(`applied ${gate.applied} of ${gate.nodes}`, 'warn');
  return badge(gate.nodes === 0 ? 'no node' : `applied by all ${gate.nodes}`, gate.nodes === 0 ? '' : 'good');
}

function changeLine(change) {
  const reason = change.reason ? `: ${change.reason}` : '';
  return el('p', 'note', `${words(change.action)} by ${change.actor} ${ago(change.time)}${reason}`);
}

function gateCard(gate) {
  const inForce = gate.kill ? 0 : gate.sharePpm;
  const card = el('article', 'card',
    el('div', 'head', el('span', 'name', short(gate.name)), gateState(gate)),
    el('div', 'head',
      el('span', 'share', percent(inForce)),
      el('span', 'soft', `${gate.from} → ${gate.to} · revision ${gate.revision}${gate.set ? ` · set ${short(gate.set)}` : ''}`)),
    bar(inForce), arms(gate), changeLine(gate.change));
  if (gate.writes.moving) card.append(el('p', 'note', `Writes: ${gate.writes.moving}.`));
  if (gate.kill) card.append(el('p', 'note bad', `Killed: ${gate.kill}. Resuming puts ${percent(gate.sharePpm)} back in force.`));
  for (const kill of gate.localKills) card.append(el('p', 'note bad', `Killed at ${kill}`));
  for (const trip of gate.trips) card.append(el('p', 'note bad', `Trip ${trip}`));
  return card;
}

const RAMP_STATES = { RUNNING: '', PAUSED: 'warn', WAITING_FOR_APPROVAL: 'warn', SUCCEEDED: 'good', ROLLED_BACK: 'bad' };
const OUTCOMES = {
  NON_INFERIOR: { text: 'not worse', kind: 'good' },
  DEGRADED: { text: 'worse', kind: 'bad' },
  UNDECIDED: { text: 'undecided', kind: '' },
  INVALID: { text: 'invalid', kind: 'warn' },
};
const words = text => text.toLowerCase().replaceAll('_', ' ');

function rampCard(ramp) {
  const steps = el('div', 'steps');
  ramp.sharesPpm.forEach((ppm, i) => {
    let kind = i < ramp.step ? 'done' : i === ramp.step ? 'now' : '';
    if (ramp.state === 'SUCCEEDED') kind = 'done';
    if (ramp.state === 'ROLLED_BACK') kind = i < ramp.step ? '' : i === ramp.step ? 'back' : '';
    const verdict = i < ramp.ended.length ? ramp.ended[i] : i === ramp.step ? ramp.verdict : null;
    const step = el('span', `step ${kind}`, percent(ppm),
      el('small', '', verdict && verdict.outcome ? OUTCOMES[verdict.outcome].text : '\u00a0'));
    if (verdict) step.title = verdict.explanation;
    steps.append(step);
  });
  const card = el('article', 'card',
    el('div', 'head',
      el('span', 'name', `${short(ramp.name)} `, el('span', 'soft', `moves ${ramp.target}`)),
      badge(words(ramp.state), RAMP_STATES[ramp.state])),
    steps);
  const verdict = ramp.verdict;
  if (verdict.outcome) {
    card.append(el('div', 'head',
      el('span', '', el('span', 'soft', 'Judge: '), verdict.explanation),
      badge(OUTCOMES[verdict.outcome].text, OUTCOMES[verdict.outcome].kind)));
  }
  // While it runs, the judge's newest word is the reason; a ramp that stands has one of its own.
  if (ramp.state !== 'RUNNING' && ramp.message !== verdict.explanation) {
    card.append(el('p', ramp.state === 'ROLLED_BACK' ? 'note bad' : 'note', ramp.message));
  }
  return card;
}

const MIGRATION_STATES = { PAUSED: 'warn', DONE: 'good', ABANDONED: '' };
const PROGRESS = {
  PLANNED: 'not begun',
  STEPPING: 'modes on their way',
  MOVING: 'keys move',
  RESTING: 'in force everywhere',
};

function migrationCard(migration) {
  const steps = el('div', 'steps');
  // One that has not begun is before its first phase.
  const at = migration.progress === 'PLANNED' ? -1 : migration.phases.indexOf(migration.phase);
  migration.phases.forEach((phase, i) => {
    const here = i === at && migration.state !== 'DONE' ? 'now' : '';
    steps.append(el('span', `step ${i < at || migration.state === 'DONE' ? 'done' : here}`, words(phase)));
  });
  const state = migration.state === 'ACTIVE'
    ? badge(PROGRESS[migration.progress], migration.progress === 'RESTING' ? 'good' : 'warn')
    : badge(words(migration.state), MIGRATION_STATES[migration.state]);
  const card = el('article', 'card',
    el('div', 'head',
      el('span', 'name', migration.displayName || short(migration.name), ' ',
        el('span', 'soft', `${migration.displayName ? `${short(migration.name)} · ` : ''}moves ${migration.target}`)),
      state),
    steps,
    el('p', 'note', `since ${ago(migration.since)}${migration.message === PROGRESS[migration.progress] ? '' : `: ${migration.message}`}`));
  if (migration.blockers.length > 0) {
    const next = migration.phases[at + 1];
    card.append(el('p', 'note', `Against ${next ? words(next) : 'going on'}:`),
      el('ul', 'blockers', ...migration.blockers.slice(0, MOST_BLOCKERS).map(blocker => el('li', '', blocker))));
    const more = migration.blockers.length - MOST_BLOCKERS;
    if (more > 0) card.append(el('p', 'note', `and ${more} more: sluice migration blockers ${short(migration.name)}`));
  }
  return card;
}

function ringTable(rings) {
  const titles = ['ring', 'structure', 'state', 'halted by'];
  return el('div', 'card', el('table', 'left',
    el('thead', '', el('tr', '', ...titles.map(title => el('th', '', title)))),
    el('tbody', '', ...rings.map(ring => el('tr', '',
      el('td', 'name', ring.id),
      el('td', '', `of event ${count(ring.revision)}`),
      el('td', '', ring.behind ? badge(`behind · rollout ${words(ring.state)}`, ring.state === 'HALTED' ? 'bad' : 'warn') : badge('as declared', 'good')),
      el('td', ring.troubles.length ? 'wrong' : 'soft', ring.troubles.join('; ') || '–'))))));
}

const PRESENCE = { CONNECTED: 'good', LOST: 'bad', LEFT: '' };

function nodeTable(nodes) {
  const titles = ['node', 'kind', 'state', 'beside', 'gates', 'seen', 'refused'];
  // The title stands beside each value when there is no room for columns.
  const cell = (index, className, ...children) => {
    const td = el('td', className, ...children);
    td.dataset.title = titles[index];
    return td;
  };
  return el('div', 'card', el('table', '',
    el('thead', '', el('tr', '', ...titles.map(title => el('th', '', title)))),
    el('tbody', '', ...nodes.map(node => el('tr', '',
      cell(0, 'name', short(node.name)),
      cell(1, '', words(node.kind)),
      cell(2, '', badge(words(node.presence), PRESENCE[node.presence])),
      cell(3, '', node.version ? node.version.split('/').filter((_, i) => i % 2 === 1).join('/') : '–'),
      cell(4, '', count(node.gates)),
      cell(5, 'soft', ago(node.lastSeen)),
      cell(6, node.refusals.length ? 'wrong' : 'soft', node.refusals.join('; ') || '–'))))));
}

function empty(text, command) {
  return el('p', 'empty', `${text} `, el('code', '', command));
}

function fill(id, children) {
  document.getElementById(id).replaceChildren(...children);
}

function draw(status) {
  fill('migrations', status.migrations.length ? status.migrations.slice(0, 6).map(migrationCard)
    : [empty('No migration yet.', 'sluice migration apply -f migration.yaml')]);
  fill('ramps', status.ramps.length ? status.ramps.slice(0, 6).map(rampCard)
    : [empty('No ramp yet.', 'sluice ramp create -f ramp.yaml')]);
  fill('gates', status.gates.length ? status.gates.map(gateCard)
    : [empty('No gate yet.', 'sluice apply -f shop.yaml')]);
  document.getElementById('rings-section').hidden = status.rings.length === 0;
  if (status.rings.length) fill('rings', [ringTable(status.rings)]);
  fill('nodes', [status.nodes.length ? nodeTable(status.nodes)
    : empty('No node has connected yet.', 'sluice proxy -c bootstrap.yaml')]);
  const connected = status.nodes.filter(node => node.presence === 'CONNECTED').length;
  const summary = document.getElementById('summary');
  summary.className = status.logDamaged || !status.ofAllNodes ? 'lost' : '';
  summary.textContent = `${status.logDamaged ? 'the log is damaged: see the log of the control plane · ' : ''}${status.ofAllNodes ? '' : 'the leader does not answer: what follows is known from the nodes of this replica alone · '}${status.gates.length} ${status.gates.length === 1 ? 'gate' : 'gates'} · ${connected} of ${status.nodes.length} ${status.nodes.length === 1 ? 'node' : 'nodes'} connected · log at ${count(status.seq)}`;
}

async function refresh() {
  try {
    const answer = await fetch('/api/status', { cache: 'no-store' });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    draw(await answer.json());
  } catch (error) {
    const summary = document.getElementById('summary');
    summary.className = 'lost';
    summary.textContent = `no answer from the control plane (${error.message}); showing the last state`;
  }
  setTimeout(refresh, PERIOD_MS);
}

refresh();
