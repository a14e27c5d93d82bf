
## report/contents.rs

sweep-kind = 参数扫描
sweep-subject = 参数的影响
sweep-question = 哪些参数影响结果，影响多大，有多大把握？
limits = 结果以模型及其参数为条件；参数是有记录的主观设定，不是估计值。重复间的区间只反映随机冲击。采纳的创新不等于经济增长。
firms-number = { $grouped } 家企业
places-title = 各地
places-about = 期末各地情况。月份：各次重复中首次出现该尺度的（所保存）月份的中位数，至少半数重复达到时给出。贡献：全程采纳数，各次重复的均值。
run-kind = 单次布局的模拟
map-note-kept = 各地存量与尺度只保存了部分月份（由 `--every` 决定）：其间存量按直线内插，尺度取前一保存月份，因此达到某尺度的时间只知在两个保存月份之间；`--every 1` 保存全部月份。
structures-note = 画出存续于最多重复的一百条线（相同时取两端权重较大者），或全部的线；线越深，存续于越多次重复；圈为片区经由至少半数重复存续的线、在其腹地内所能到达之处的外廓；宽带为轴，深浅表示重复的比例；面形成时陆地变绿。
structures-not-kept = 未保存线、圈、轴与面。
list-comma = 、
comparison-kind = 布局比较
comparison-question = 与 { $baseline } 相比，{ $layouts } 会改变什么，对谁，何时，有多大把握？
map-note-difference = 差异图中，橙色为 B 中至少半数重复存续而 A 中不足半数的线、圈、轴；蓝色相反。

## report/differences.rs

list-semicolon = ；
colon = ：
differs-more = 另有 { $more } 处；`pointplane diff` 可列出全部
differs-nothing = 没有差别
differs-opens = 设立月份 { $a } → { $b }
differs-opens-new = 原未设立 → 设立于 { $b }
differs-opens-never = 原设立于 { $a } → 不设立
differs-closes = 撤销月份 { $a } → { $b }
differs-closes-new = 原不撤销 → 撤销于 { $b }
differs-closes-never = 原撤销于 { $a } → 不撤销

## report/figures/words.rs: the answer

range = { $low } 至 { $high }
list-clauses = ，
list-and = {" "}且{" "}
formed-some = ，{ $all } 次中的 { $some } 次
answer-line = 线
answer-circle = 圈
answer-axis = 轴
answer-plane = 面
answer-first-line = 首条线形成于 { $when }
answer-first-circle = 首个圈形成于 { $when }
answer-first-axis = 首条轴形成于 { $when }
answer-plane-forms = 面形成于 { $when }
answer-nothing-forms = 线、圈、轴、面均未形成。
answer-list-never = 、
answer-forms = { $form }（中位月份，括号内为最早至最晚）。
answer-forms-some = { $form }（中位月份，括号内为最早至最晚）；{ $never }未形成。
answer-run-end = 期末（{ $end }），各地区平均拥有按质量加权的制度创新存量 { $stock }；面覆盖全国权重的 { $plane }（{ $n } 次重复均值的 95 % 置信区间）。
answer-credit = 全部采纳中有 { $share } 归因于联盟（这是归因核算，不是因果效应）；期末地区间存量的泰尔指数为 { $theil }，其中区域之间为 { $between }。
answer-firms = 届时已采用某领域的企业占 { $uptake }（各领域均值，按企业规模与地区权重加权），企业收益为 { $benefit }。
answer-trade-off = 没有一种布局在存量、公平与协调成本上全面占优且超出蒙特卡洛噪声：选择须作取舍。
answer-front = 在存量、公平、协调成本上帕累托有效（或在蒙特卡洛噪声范围内与之无法区分）的是：{ $list }。
design-grid = 全因子网格
design-list = 列表
design-random = 随机抽样
design-latin-hypercube = 拉丁超立方
design-sobol = 索博尔序列
design-saltelli = 萨尔泰利
design-morris = 莫里斯
answer-sweep = { $parameters } 个参数在 { $points } 个点上变动（设计：{ $kind }），{ $layouts } 种布局，各 { $replicates } 次重复：共 { $runs } 次运行，随机冲击相同{ $some }。
answer-sweep-done = ，其中 { $done } 次已完成
answer-partial = { $runs } 次运行中已完成 { $done } 次，失败 { $failed } 次，缺 { $missing } 次：数据表只含已完成的部分，以下数字只涉及这些运行。
answer-no-index = { $about }：{ $why }。
answer-points-left-out = { $points } 个点中有 { $dropped } 个因缺值未计入。
answer-blocks-left-out = { $blocks } 个区组中有 { $dropped } 个因缺值未计入索博尔指数。
sentence-space = {""}
answer-other-sign = { $layout } { $at }（{ $range }），其中 { $share } % 的点符号相反
answer-over = 在参数分布上，{ $outcome }为：{ $list }。
answer-over-versus = 与 { $versus } 相比，在参数分布上，各布局使{ $outcome }变化：{ $list }。
answer-over-one = { $layout } { $at }（95 % 可信区间 { $range }；随机性区间 { $luck }）
answer-over-effect = { $layout } { $at }（95 % 可信区间 { $range }，{ $share } % 的点大于 0；随机性区间 { $luck }）
answer-over-shares = 单次历史的方差构成：{ $list }。
answer-over-share = { $layout } 参数 { $parameters } %，随机性 { $luck } %，二者交互 { $both } %
answer-points = 各点上{ $outcome }为：{ $list }（均值，及各点的中间 95 %）。
answer-points-versus = 与 { $versus } 相比，各布局使{ $outcome }变化：{ $list }（各点均值，及各点的中间 95 %）。
answer-luck = 各点之间结果的方差中，各次重复的蒙特卡洛噪声占 { $share } %，其余来自参数。
answer-luck-versus = 各点之间这些差异的方差中，各次重复的蒙特卡洛噪声占：{ $list }；其余来自参数。
answer-by-variance = 其索博尔总效应指数为
answer-by-effects = 其基本效应绝对值的均值为
answer-by-regression = 其标准化回归系数为
answer-swing = `{ $parameter }` 对 { $outcome } 的影响最大：从低值到高值使其变化 { $swing }{ $intervals }。
answer-strongest = `{ $parameter }` 对 { $outcome } 的影响最大：{ $measure } { $value }{ $intervals }。
answer-strongest-swing = `{ $parameter }` 对 { $outcome } 的影响最大：{ $measure } { $value }，从低值到高值使其变化 { $swing }{ $intervals }。
answer-intervals = （括号内为 95 % 置信区间）

## report/contents.rs: facts

fact-version = 版本
fact-commit = 提交
fact-scenario = 情景
fact-scenario-layout = 情景、布局
fact-layouts = 布局
fact-plan = 计划文件
fact-design = 设计
fact-parameters = 参数
fact-points = 点数
fact-replicates = 重复次数
fact-replicates-each = 每点重复次数
fact-status = 状态
status-of-runs = { $runs } 次运行中完成 { $done } 次，失败 { $failed } 次，缺 { $left } 次
fact-seed = 种子
fact-fingerprint = 指纹
fact-firms = 企业
fact-interval = 区间
fact-started = 开始
fact-missing = 本目录中没有
run-question = 制度创新如何由点到面在全国传播，又是对什么作出的反应？
run-question-layout = 在布局 { $layout } 下，制度创新如何由点到面在全国传播，又是对什么作出的反应？

## report/differences.rs: words

differs-not-set = （未设）
differs-empty = （空）
differs-key = { $key }：{ $a } → { $b }
differs-segment = 段 { $id }
differs-segments = 各段
differs-members = 成员
differs-province = 省 { $id }
differs-group = 组 { $id }
differs-serves = 服务
differs-entry = 入口
differs-source = 来源
differs-hears = 受影响于
differs-place = { $n ->
       *[other] 地方
    }
differs-alliance = { $n ->
       *[other] 联盟
    }
differs-corridor = { $n ->
       *[other] 走廊
    }
differs-gateway-link = { $n ->
       *[other] 口岸联系
    }
differs-mandate = { $n ->
       *[other] 改革任务
    }
differs-link = { $n ->
       *[other] 文件中的联系
    }
differs-batch = { $n ->
       *[other] 实际批次
    }

## report/not_varied.rs: what an answer does not say

not-varied-question = 结论对参数是否稳健？
not-varied-how = 本页所有数字都只在一组参数取值下成立。参数扫描在相同的随机冲击下，对所有布局一并改变参数；其报告给出各布局的效应在各参数点上的范围。请将下面的计划存为 `parameters.toml`，填入您的情景目录；命令中用 `--set` 给出的取值写入 `[set]` 表；再列出尚无估计值的参数及其可能范围（`pointplane schema --parameters` 列出全部参数）。详见 docs/sweep.md。
not-varied-folder = 情景的文件夹，相对于本文件所在的文件夹
not-varied-first = 基准在前
not-varied-parameters = 列出全部尚无估计值的参数
